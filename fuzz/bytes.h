// The bytes of a test as something that is read, some at a time.
#pragma once

#include "sources/text/lines.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace whywait::fuzz {

inline pasted::Read reading(std::string_view bytes, size_t at_a_time) {
  return [bytes, at_a_time](std::span<char> room) mutable {
    const auto n = std::min({room.size(), bytes.size(), at_a_time});
    std::copy_n(bytes.begin(), n, room.begin());
    bytes.remove_prefix(n);
    return n;
  };
}

inline bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace whywait::fuzz
