// Counts, durations and times in the form in which people read them.
#pragma once

#include "core/age.h"
#include "core/text.h"

#include <chrono>
#include <string>
#include <string_view>

namespace whywait::render {

std::string plural(uint64_t count, std::string_view noun);  // 1 connection, 4,812 connections
std::string duration(Milliseconds length);                  // 350 ms, 20 s, 1h16m, 3d4h
std::string text(const Age& age);                           // 20 s, 1h16m to 1h20m, at least 3d4h

// Write the same text to a buffer with room for kDurationRoom or kAgeRoom bytes and return its end. They add
// no NUL.
inline constexpr size_t kDurationRoom = 32;
inline constexpr size_t kAgeRoom = 2 * kDurationRoom + 8;
char* write_text(char* to, Milliseconds length);
char* write_text(char* to, const Age& age);

std::string rfc3339(std::chrono::system_clock::time_point time);  // in UTC

}  // namespace whywait::render
