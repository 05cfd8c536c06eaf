// Reads a text from left to right. Each call consumes what it names and returns it. After a failure the
// position is undefined, and the caller must give up.
#pragma once

#include "core/address.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
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
    return std::all_of(word.begin(), word.end(), [&](char c) { return skip(c); });
  }
  // Returns how many blanks it skipped. Columns are padded with many, so it compares eight at a time.
  size_t skip_blanks() {
    const char* const begin = at_;
    constexpr uint64_t kEight = 0x2020202020202020;
    uint64_t next = 0;
    while (end_ - at_ >= ptrdiff_t{sizeof next}) {
      std::memcpy(&next, at_, sizeof next);
      if (next != kEight) break;
      at_ += sizeof next;
    }
    while (at_ != end_ && *at_ == ' ') ++at_;
    return static_cast<size_t>(at_ - begin);
  }
  // Consumes all digits at this position, at least one.
  std::optional<uint32_t> number() {
    constexpr ptrdiff_t kDigits = 10;  // the digits of the largest value, so that nothing overflows
    uint64_t value = 0;
    const char* const begin = at_;
    const char* const last = end_ - at_ > kDigits ? at_ + kDigits : end_;
    for (; at_ != last && *at_ >= '0' && *at_ <= '9'; ++at_)
      value = value * 10 + static_cast<uint64_t>(*at_ - '0');
    const bool goes_on = at_ != end_ && *at_ >= '0' && *at_ <= '9';
    if (at_ == begin || goes_on || value > std::numeric_limits<uint32_t>::max()) return std::nullopt;
    return static_cast<uint32_t>(value);
  }
  // Consumes everything up to a blank or the end.
  std::string_view word() {
    const char* const begin = at_;
    while (at_ != end_ && *at_ != ' ') ++at_;
    return {begin, static_cast<size_t>(at_ - begin)};
  }
  // Consumes an IPv4 address, a separator (`parting` or `or_else`) and a port, where "*" stands for port 0.
  // The number of digits is unpredictable, so the loop has no branch for each of them.
  std::optional<Endpoint> v4_endpoint(char parting, char or_else) {
    constexpr uint32_t kLargestByte = 255;
    constexpr uint32_t kLargestPort = 65535;
    std::array<char, 24> padded{};  // longer than any endpoint, because digits_of() reads past the end
    const auto* from = at_;
    if (end_ - at_ < ptrdiff_t{padded.size()}) {
      std::copy(at_, end_, padded.begin());
      from = padded.data();
    }
    const auto* at = from;
    uint32_t address = 0;
    for (int i = 0; i < 4; ++i) {
      if (i > 0 && *at++ != '.') return std::nullopt;
      const auto byte = digits_of<3>(at);
      if (byte.count == 0 || byte.value > kLargestByte) return std::nullopt;
      address = address << 8U | byte.value;
      at += byte.count;
    }
    if (*at != parting && *at != or_else) return std::nullopt;
    ++at;
    Digits port{.value = 0, .count = 1};
    if (*at != '*') port = digits_of<5>(at);
    if (port.count == 0 || port.value > kLargestPort) return std::nullopt;
    at_ += at + port.count - from;
    return Endpoint{Address::v4({static_cast<uint8_t>(address >> 24U), static_cast<uint8_t>(address >> 16U),
                                 static_cast<uint8_t>(address >> 8U), static_cast<uint8_t>(address)}),
                    static_cast<uint16_t>(port.value)};
  }

 private:
  struct Digits {
    uint32_t value = 0;
    uint32_t count = 0;
  };
  template <size_t kMost>
  static Digits digits_of(const char* at) {
    Digits out;
    uint32_t goes_on = 1;
    for (size_t i = 0; i < kMost; ++i) {
      const auto digit = static_cast<uint8_t>(at[i] - '0');
      goes_on &= digit < 10 ? 1U : 0U;
      out.value = out.value * (1 + 9 * goes_on) + digit * goes_on;
      out.count += goes_on;
    }
    return out;
  }

  const char* at_;
  const char* end_;
};

}  // namespace whywait::pasted
