// What each command wants to know in addition to the needs of the rules.
#pragma once

#include "core/selection.h"
#include "core/target.h"
#include "session/session.h"

namespace whywait::session {

// The holders of the selected rows and their names; for root also the holders of rows with a file but no
// descriptor.
Wants wants_of_listing(const Selection& selection);

// The facts that a portrait shows, and what its processes wait for.
Wants wants_of_portrait(const Target& target);

// What the two functions above would ask about everything on the host. If the host has very much, only the
// names of all holders and the needs of the rules.
Wants everything();

}  // namespace whywait::session
