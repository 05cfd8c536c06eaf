// The answer about several dumps.
#pragma once

#include "compare/dumps.h"
#include "render/page.h"

#include <string>

namespace whywait::render {

struct Compared {
  const Comparison& comparison;
  Milliseconds took{0};
};

// The report of each host, then what is between them.
Page comparison_page(const Compared& compared);

// whywait.report/2. Of one host, its report with what grew. Of several, `hosts` has the report of each, and
// what a reader of one report looks for is there as well: the worst status, states summed up, and the
// findings of all, each with its host.
std::string comparison_json(const Compared& compared);

}  // namespace whywait::render
