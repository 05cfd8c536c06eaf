// A small drawing of the ways into a state and out of it, in ASCII.
#pragma once

#include "core/state.h"
#include "render/page.h"

namespace whywait::render {

// Whose action each way is stands beside it.
Drawing draw(State state);

}  // namespace whywait::render
