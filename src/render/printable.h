// Bytes that somebody else chose, made harmless.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace whywait::render {

// Control characters, escape sequences, invalid UTF-8 and characters that reorder or hide text become \xNN,
// so that a process name can neither move the cursor nor forge a line. What is printable stays as it is.
std::string printable(std::string_view hostile);

// How many columns a printable text takes.
size_t width(std::string_view text);

}  // namespace whywait::render
