#include "core/ip_text.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace whywait {
namespace {

constexpr size_t kGroups = 8;

struct Octet {
  std::array<char, 3> digits{};
  uint8_t length = 0;
};

constexpr std::array<Octet, 256> kOctets = [] {
  std::array<Octet, 256> out;
  for (size_t value = 0; value < out.size(); ++value) {
    auto& octet = out.at(value);
    for (size_t unit = value < 10 ? 1 : value < 100 ? 10 : 100; unit > 0; unit /= 10) {
      octet.digits.at(octet.length++) = static_cast<char>('0' + value / unit % 10);
    }
  }
  return out;
}();

// Copies three bytes whatever the length: a copy of known size takes no call and no branch.
char* write_octet(char* to, uint8_t value) {
  const auto& octet = kOctets.at(value);
  std::memcpy(to, octet.digits.data(), octet.digits.size());
  return to + octet.length;
}

template <class T>
std::optional<T> number(std::string_view digits, size_t most_digits, int base) {
  T out = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, out, base);
  if (digits.size() > most_digits || error != std::errc() || stopped != end) return std::nullopt;
  return out;
}

// The groups on one side of a "::", or all.
struct Part {
  std::array<uint16_t, kGroups> groups{};
  size_t size = 0;

  bool add(uint16_t group) {
    if (size == kGroups) return false;
    groups.at(size++) = group;
    return true;
  }
};

std::optional<Part> parse_part(std::string_view text, bool may_end_dotted) {
  Part out;
  while (!text.empty()) {
    const auto colon = text.find(':');
    const auto word = text.substr(0, colon);
    const bool is_last = colon == std::string_view::npos;
    if (is_last && may_end_dotted && word.find('.') != std::string_view::npos) {
      const auto four = parse_ipv4(word);
      if (!four) return std::nullopt;
      for (size_t i = 0; i < four->size(); i += 2) {
        if (!out.add(static_cast<uint16_t>((*four)[i] << 8U | (*four)[i + 1]))) return std::nullopt;
      }
      return out;
    }
    const auto group = number<uint16_t>(word, 4, 16);
    if (!group || !out.add(*group)) return std::nullopt;
    if (is_last) return out;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // it ends with a colon
  }
  return out;
}

Ipv6Bytes bytes_of(const Part& front, const Part& back) {
  std::array<uint16_t, kGroups> groups = front.groups;
  std::copy_n(back.groups.begin(), back.size, groups.end() - static_cast<ptrdiff_t>(back.size));
  Ipv6Bytes out{};
  for (size_t i = 0; i < kGroups; ++i) {
    out.at(2 * i) = static_cast<uint8_t>(groups.at(i) >> 8U);
    out.at(2 * i + 1) = static_cast<uint8_t>(groups.at(i));
  }
  return out;
}

// The zeros that "::" stands for: the longest run, of two groups at least, and the first of those.
struct Run {
  size_t begin = kGroups;
  size_t size = 0;
};

Run longest_zeros(const std::array<uint16_t, kGroups>& groups) {
  Run best;
  Run run;
  for (size_t i = 0; i < kGroups; ++i) {
    if (groups.at(i) != 0) {
      run = {};
      continue;
    }
    if (run.size++ == 0) run.begin = i;
    if (run.size > best.size) best = run;
  }
  return best.size < 2 ? Run{} : best;
}

}  // namespace

std::optional<Ipv4Bytes> parse_ipv4(std::string_view text) {
  Ipv4Bytes out{};
  for (size_t i = 0; i < out.size(); ++i) {
    const bool is_last = i + 1 == out.size();
    const auto dot = text.find('.');
    if (is_last != (dot == std::string_view::npos)) return std::nullopt;
    const auto word = text.substr(0, dot);
    const auto octet = number<uint8_t>(word, 3, 10);
    if (!octet || (word.size() > 1 && word.front() == '0')) return std::nullopt;
    out.at(i) = *octet;
    text.remove_prefix(is_last ? text.size() : dot + 1);
  }
  return out;
}

std::optional<Ipv6Bytes> parse_ipv6(std::string_view text) {
  const auto gap = text.find("::");
  if (gap == std::string_view::npos) {
    const auto all = parse_part(text, true);
    return all && all->size == kGroups ? std::optional(bytes_of(*all, {})) : std::nullopt;
  }
  const auto front = parse_part(text.substr(0, gap), false);
  const auto back = parse_part(text.substr(gap + 2), true);
  // "::" stands for one group at least.
  if (!front || !back || front->size + back->size >= kGroups) return std::nullopt;
  return bytes_of(*front, *back);
}

char* write_ipv4(char* to, const uint8_t* four) {
  to = write_octet(to, four[0]);
  for (size_t i = 1; i < 4; ++i) {
    *to++ = '.';
    to = write_octet(to, four[i]);
  }
  return to;
}

size_t ipv4_length(const uint8_t* four) {
  const auto digits =
      kOctets[four[0]].length + kOctets[four[1]].length + kOctets[four[2]].length + kOctets[four[3]].length;
  return static_cast<size_t>(digits) + std::string_view("...").size();
}

char* write_ipv6(char* to, const Ipv6Bytes& address) {
  std::array<uint16_t, kGroups> groups{};
  for (size_t i = 0; i < kGroups; ++i)
    groups.at(i) = static_cast<uint16_t>(address.at(2 * i) << 8U | address.at(2 * i + 1));
  const auto zeros = longest_zeros(groups);
  const bool holds_ipv4 = zeros.begin == 0 && (zeros.size == 6 || (zeros.size == 5 && groups[5] == 0xffff));
  const auto written = holds_ipv4 ? kGroups - 2 : kGroups;
  for (size_t i = 0; i < written; ++i) {
    if (i == zeros.begin) {
      *to++ = ':';
      i += zeros.size - 1;
      if (i + 1 == written) *to++ = ':';
      continue;
    }
    if (i > 0) *to++ = ':';
    to = std::to_chars(to, to + 4, groups.at(i), 16).ptr;
  }
  if (!holds_ipv4) return to;
  if (zeros.size == 5) *to++ = ':';
  return write_ipv4(to, &address[12]);
}

}  // namespace whywait
