// Whether two dumps can have so much in common by accident.
#pragma once

#include <cstdint>

namespace whywait {

// The smallest default range of ephemeral ports of any system: Windows before Vista (1025 to 5000).
inline constexpr double kFewestPorts = 3976;
// The default range of today's systems: 49152 to 65535 (RFC 6335).
inline constexpr double kTodaysPorts = 16384;

// True if `found` or more would occur by accident in fewer than one case of a thousand when `expected` is the
// mean.
bool is_no_accident(uint64_t found, double expected);

}  // namespace whywait
