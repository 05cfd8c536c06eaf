// Shared by the states in which data can still be sent: the peer may not accept it.
#pragma once

#include "rules/family.h"
#include "rules/likeness.h"

namespace whywait {

// Data waits to be sent, the peer's window is shut, and nothing has left for longer than a turn takes.
bool peer_takes_nothing(const RowView& view);

Likeness as_blocked_writer(const Case& c);

}  // namespace whywait
