// Makes bytes that others chose harmless.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace whywait::render {

// Replaces control characters, escape sequences, invalid UTF-8 and characters that reorder or hide text by
// \xNN, so that a process name can neither move the cursor nor forge a line.
std::string printable(std::string_view hostile);

// The width of a printable text in columns.
size_t width(std::string_view text);

}  // namespace whywait::render
