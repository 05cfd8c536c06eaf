// A small drawing of the ways into a state and out of it, in ASCII.
#pragma once

#include "core/state.h"
#include "render/page.h"

#include <string>

namespace whywait::render {

struct Drawing {
  std::string text;          // lines; empty where the width is too small
  bool with_movers = false;  // whose action each way is stands beside it
};

Drawing draw(State state, const Style& style);

}  // namespace whywait::render
