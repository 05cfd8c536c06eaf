// The answer of the bare command.
#pragma once

#include "diagnose/series.h"
#include "render/page.h"

#include <string>

namespace whywait::render {

struct Report {
  const Facts& facts;
  const Judgement& judgement;
  Milliseconds took{0};
  const Series* series = nullptr;  // where there are earlier dumps of the host
};

Page report_page(const Report& report);
std::string report_json(const Report& report);  // whywait.report/2

}  // namespace whywait::render
