// Numbers as text, and bytes that claim to be text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace whywait {

struct CodePoint {
  char32_t value;
  size_t length;  // in bytes
};

// The first code point of a text that must not be empty. Nothing if the text does not begin with well-formed
// UTF-8 (Unicode 15, table 3-7).
std::optional<CodePoint> first_code_point(std::string_view text);

std::string grouped(uint64_t number);  // 4,812

}  // namespace whywait
