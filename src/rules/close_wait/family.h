// Facts that only connections in CLOSE_WAIT have: what became of the peer's FIN.
#pragma once

#include "rules/family.h"

#include <cstdint>

namespace whywait {

// Whether a read by the application has consumed the peer's FIN.
enum class Fin : uint8_t { Unread, Consumed, Unknown };

// The state of the FIN in a case in CLOSE_WAIT, which is the same for each of its connections.
Fin fin_of(const Case& c);

// Data was surely sent after the FIN had arrived.
bool sent_since_fin(const Member& m);
// The kernel's clocks show that the FIN arrived by itself, after the last data. If it was consumed, a read
// must have returned 0, so the application knows of it.
bool fin_came_alone(const Member& m);
// It is a client's, the server sent last, and only the FIN is unread.
bool is_at_rest(const Member& m);

}  // namespace whywait
