// The answer of `whywait` without a command.
#pragma once

#include "compare/series.h"
#include "render/page.h"

#include <string>

namespace whywait::render {

struct Report {
  const Facts& facts;
  const Judgement& judgement;
  Milliseconds took{0};
  const Series* series = nullptr;  // null unless there are earlier dumps of the host

  // The growth of a finding or an undecided group; nothing if it is unknown.
  const Trend* trend_of(const std::string& id) const {
    if (series == nullptr) return nullptr;
    const auto it = series->trends.find(id);
    return it == series->trends.end() ? nullptr : &it->second;
  }
};

Page report_page(const Report& report);
std::string report_json(const Report& report);  // whywait.report/2

}  // namespace whywait::render
