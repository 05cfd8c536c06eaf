#include "render/printable.h"

#include "core/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace whywait::render {
namespace {

// C0, DEL, C1; zero-width characters, direction marks and overrides, line separators, the byte order mark,
// tags.
bool is_harmless(char32_t c) {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad) return false;
  if ((c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f))
    return false;
  return c != 0x61c && c != 0xfeff && (c < 0xe0000 || c > 0xe0fff) && (c < 0xfff0 || c > 0xffff);
}

}  // namespace

std::string printable(std::string_view hostile) {
  std::string out;
  while (!hostile.empty()) {
    const auto c = first_code_point(hostile);
    const size_t length = c ? c->length : 1;
    if (c && is_harmless(c->value)) {
      out += hostile.substr(0, length);
    } else {
      for (const char byte : hostile.substr(0, length))
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
    hostile.remove_prefix(length);
  }
  return out;
}

size_t width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    const bool continues = (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
    return !continues;
  }));
}

}  // namespace whywait::render
