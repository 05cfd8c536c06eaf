// Decodes the kernel's numbers for TCP states and timers, as sock_diag, /proc/net/tcp and its own structures
// use them.
#pragma once

#include "core/connection.h"

#include <cstdint>
#include <optional>

namespace whywait {

// include/net/tcp_states.h. Nothing if the number is not a state of RFC 9293.
std::optional<State> state_of_linux(uint8_t kernel);
// idiag_timer. Nothing for an unknown number.
std::optional<TimerKind> timer_kind_of_linux(uint8_t kernel);

}  // namespace whywait
