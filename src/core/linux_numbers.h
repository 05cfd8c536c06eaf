// The kernel's numbers of what a TCP socket is in, as sock_diag, /proc/net/tcp and its own structures give
// them.
#pragma once

#include "core/connection.h"

#include <cstdint>
#include <optional>

namespace whywait {

// include/net/tcp_states.h; nothing for one that is no state of RFC 9293.
std::optional<State> state_of_linux(uint8_t kernel);
// What a timer is for.
std::optional<TimerKind> timer_kind_of_linux(uint8_t kernel);

}  // namespace whywait
