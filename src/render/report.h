// The answer of the bare command.
#pragma once

#include "compare/series.h"
#include "render/page.h"

#include <string>

namespace whywait::render {

struct Report {
  const Facts& facts;
  const Judgement& judgement;
  Milliseconds took{0};
  const Series* series = nullptr;  // where there are earlier dumps of the host

  // Of a finding or an undecided group; nothing where nothing is known.
  const Trend* trend_of(const std::string& id) const {
    if (series == nullptr) return nullptr;
    const auto it = series->trends.find(id);
    return it == series->trends.end() ? nullptr : &it->second;
  }
};

Page report_page(const Report& report);
std::string report_json(const Report& report);  // whywait.report/2

}  // namespace whywait::render
