// The answer of `lab` without a cause: what it can play.
#pragma once

#include "core/cause.h"
#include "core/state.h"
#include "render/page.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace whywait::render {

struct Scenario {
  Cause cause;
  State state;  // in which it leaves connections
  uint32_t connections;
  bool is_harmless;
  std::string_view fault;    // what is wrong, or looks so where it is harmless
  std::string_view control;  // what the healthy twin does
};

struct Scenarios {
  std::vector<Scenario> all;
};

Page scenarios_page(const Scenarios& scenarios);
std::string scenarios_json(const Scenarios& scenarios);

}  // namespace whywait::render
