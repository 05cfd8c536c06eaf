// Reads a text from left to right: each call takes what it names and gives it, or takes nothing sensible, and
// whoever asked gives up.
#pragma once

#include "core/address.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace whywait::pasted {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool at_end() const { return at_ == end_; }
  bool skip(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool skip(std::string_view word) {
    for (const char c : word) {
      if (!skip(c)) return false;
    }
    return true;
  }
  // How many there were.
  size_t skip_blanks() {
    const char* const begin = at_;
    while (at_ != end_ && *at_ == ' ') ++at_;
    return static_cast<size_t>(at_ - begin);
  }
  // All of the digits that are here, at least one, as a number of at most `most`.
  std::optional<uint32_t> number(uint32_t most) {
    uint64_t value = 0;
    const char* const begin = at_;
    for (; at_ != end_ && *at_ >= '0' && *at_ <= '9'; ++at_) {
      value = value * 10 + static_cast<uint64_t>(*at_ - '0');
      if (value > most) return std::nullopt;
    }
    return at_ == begin ? std::nullopt : std::optional(static_cast<uint32_t>(value));
  }
  // Up to a blank or the end.
  std::string_view word() {
    const char* const begin = at_;
    while (at_ != end_ && *at_ != ' ') ++at_;
    return {begin, static_cast<size_t>(at_ - begin)};
  }
  // Four numbers with dots between them, what parts the port from them (one of `parting`), and the port: a
  // number, or "*", which is 0.
  std::optional<Endpoint> v4_endpoint(std::string_view parting) {
    constexpr uint32_t kLargestByte = 255;
    constexpr uint32_t kLargestPort = 65535;
    std::array<uint8_t, 4> bytes{};
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (i > 0 && !skip('.')) return std::nullopt;
      const auto byte = number(kLargestByte);
      if (!byte) return std::nullopt;
      bytes[i] = static_cast<uint8_t>(*byte);
    }
    if (at_ == end_ || parting.find(*at_) == std::string_view::npos) return std::nullopt;
    ++at_;
    const auto address = Address::v4(bytes);
    if (skip('*')) return Endpoint{address, 0};
    const auto port = number(kLargestPort);
    if (!port) return std::nullopt;
    return Endpoint{address, static_cast<uint16_t>(*port)};
  }

 private:
  const char* at_;
  const char* end_;
};

}  // namespace whywait::pasted
