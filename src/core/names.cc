#include "core/names.h"

#include "core/row_index.h"
#include "core/text.h"

#include <algorithm>
#include <cstring>

namespace whywait {
namespace {

bool is_harmless(char c) {
  return c > ' ' && c <= '~' && std::string_view("\"'`<>&\\[]").find(c) == std::string_view::npos;
}

// Letters of living scripts; nothing that reorders or hides text.
bool is_letter(char32_t c) {
  return (c >= 0xc0 && c < 0x600) || (c >= 0x900 && c < 0x2000) || (c >= 0x3041 && c < 0xd7a4);
}

std::string harmless(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto letter = first_code_point(text);
    const size_t length = is_harmless(text[0]) ? 1 : letter && is_letter(letter->value) ? letter->length : 0;
    if (out.size() + std::max<size_t>(length, 1) > kNameRoom) break;
    out += length == 0 ? "?" : text.substr(0, length);
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return out;
}

uint64_t hash_of(std::string_view text) {
  uint64_t out = text.size();
  while (!text.empty()) {
    uint64_t word = 0;
    const auto size = std::min(text.size(), sizeof word);
    std::memcpy(&word, text.data(), size);
    out = mixed(out, word);
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace

const Names::Entry& Names::add(std::string_view text) {
  const auto [it, is_new] = all_.try_emplace(harmless(text));
  if (is_new) it->second = {.hash = hash_of(it->first), .number = all_.size() - 1};
  return *it;
}

}  // namespace whywait
