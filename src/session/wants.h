// What each command wants to know beyond what the rules ask for.
#pragma once

#include "core/selection.h"
#include "core/target.h"
#include "session/session.h"

namespace whywait::session {

// The holders of the rows selected, their names, and, for root, what has no holder although it has a file.
Wants wants_of_listing(const Selection& selection);

// What a portrait shows, and what its processes wait for.
Wants wants_of_portrait(const Target& target);

// What the two above would ask of anything that is there. On a host that has very much of it, the names of
// all holders and what the rules ask for.
Wants everything();

}  // namespace whywait::session
