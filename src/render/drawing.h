// A small drawing in ASCII of the transitions into a state and out of it.
#pragma once

#include "core/state.h"
#include "render/page.h"

namespace whywait::render {

// Each transition has a note that names who causes it.
Drawing draw(State state);

}  // namespace whywait::render
