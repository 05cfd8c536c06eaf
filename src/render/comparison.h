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

// The report of each host, then what is between the hosts.
Page comparison_page(const Compared& compared);

// whywait.report/2. For one host: its report, with growth. For several: `hosts` has the report of each, and
// the fields of a single report are there too: the worst status, the states summed up, and all findings, each
// with its host.
std::string comparison_json(const Compared& compared);

}  // namespace whywait::render
