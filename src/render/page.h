// Text for people: width, colour, and bytes that somebody else chose made harmless.
#pragma once

#include "core/age.h"
#include "core/text.h"

#include <chrono>
#include <string>
#include <string_view>

namespace whywait::render {

struct Style {
  size_t width = 100;  // columns; 0: never wrap
  bool colour = false;
};

enum class Tone : uint8_t { Plain, Good, Notice, Bad, Faint, Strong };

// Control characters, escape sequences, invalid UTF-8 and characters that reorder or hide text become \xNN,
// so that a process name can neither move the cursor nor forge a line.
std::string printable(std::string_view hostile);

std::string paint(std::string_view text, Tone tone, const Style& style);

// Columns that the text takes, its escape sequences apart.
size_t width(std::string_view text);

// "LABEL     text", wrapped at blanks, with the following lines under the text.
std::string labelled(std::string_view label, std::string_view text, const Style& style,
                     Tone tone = Tone::Strong);

std::string plural(uint64_t count, std::string_view noun);  // 1 connection, 4,812 connections
std::string duration(Milliseconds length);                  // 350 ms, 20 s, 1h16m, 3d4h
std::string text(const Age& age);                           // 20 s, 1h16m to 1h20m, at least 3d4h

// The same text, written to where there is room for kDurationRoom or kAgeRoom bytes. Gives its end; no NUL
// follows.
inline constexpr size_t kDurationRoom = 32;
inline constexpr size_t kAgeRoom = 2 * kDurationRoom + 8;
char* write_text(char* to, Milliseconds length);
char* write_text(char* to, const Age& age);

std::string rfc3339(std::chrono::system_clock::time_point time);  // in UTC

}  // namespace whywait::render
