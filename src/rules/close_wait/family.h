// What CLOSE_WAIT alone tells of its connections: what became of the peer's FIN.
#pragma once

#include "rules/family.h"

#include <cstdint>

namespace whywait {

// Whether the application's read has consumed the peer's FIN.
enum class Fin : uint8_t { Unread, Consumed, Unknown };

// Of a case in CLOSE_WAIT: the same for each of its connections.
Fin fin_of(const Case& c);

// Surely: data left after the FIN had come.
bool sent_since_fin(const Member& m);
// The FIN came by itself, after the last data, as the kernel's clocks tell. Where it was consumed, a read
// returned 0 and told the application of it.
bool fin_came_alone(const Member& m);
// A client's: the last word was the server's, and nothing but its end is unread.
bool is_at_rest(const Member& m);

}  // namespace whywait
