// Encodes bytes and times as the file has them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace whywait::saved {

// Appends a JSON value in ASCII: a string if the bytes are well-formed UTF-8, else {"hex":"…"}.
void append_bytes(std::string& out, std::string_view bytes);
std::optional<std::string> parse_hex(std::string_view digits);

using Time = std::chrono::system_clock::time_point;

// RFC 3339 in UTC, to the nanosecond: 2024-05-01T12:00:00.123456789Z.
std::string time_text(Time time);
std::optional<Time> parse_time(std::string_view text);  // accepts exactly that form, years 1678 to 2261

}  // namespace whywait::saved
