// Presents the bytes of a test as an input, and as lines.
#pragma once

#include "sources/pasted/lines.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace whywait::testing {

// Returns at most `at_a_time` bytes with each call.
inline pasted::Read reading(std::string_view bytes, size_t at_a_time = SIZE_MAX) {
  return [bytes, at_a_time](std::span<char> room) mutable {
    const auto n = std::min({room.size(), bytes.size(), at_a_time});
    std::copy_n(bytes.begin(), n, room.begin());
    bytes.remove_prefix(n);
    return n;
  };
}

class CleanLines {
 public:
  explicit CleanLines(pasted::Read read) : lines_(std::move(read)) {}
  // The result is valid until the next call.
  std::optional<pasted::Line> next() {
    const auto raw = lines_.next();
    return raw ? std::optional(cleaner_.clean(*raw)) : std::nullopt;
  }

 private:
  pasted::Lines lines_;
  pasted::Cleaner cleaner_;
};

}  // namespace whywait::testing
