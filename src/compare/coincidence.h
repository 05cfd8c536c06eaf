// When two dumps have so much in common that it is no accident.
#pragma once

#include <cstdint>

namespace whywait {

// Ephemeral ports that any system has to choose from by default, at the least: Windows before Vista (1025 to
// 5000) has fewest.
inline constexpr double kFewestPorts = 3976;
// Of today's systems: 49152 to 65535 (RFC 6335).
inline constexpr double kTodaysPorts = 16384;

// So many or more of a kind come by accident in less than one case of a thousand, where `expected` do on the
// average.
bool is_no_accident(uint64_t found, double expected);

}  // namespace whywait
