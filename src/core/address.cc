#include "core/address.h"

#include "core/row_index.h"
#include "core/text.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <unordered_map>
#include <vector>

#include <arpa/inet.h>
#include <fmt/compile.h>

namespace whywait {
namespace {

static_assert(kAddressRoom >= INET6_ADDRSTRLEN);

// No address begins like this: of multicast (ff00::/8), flags and scope that are reserved (RFC 4291
// section 2.7).
constexpr std::array<uint8_t, 12> kNamed = {0xff, 0xff};

// Names are kept for as long as the process lives, so that an address can be copied and compared as any
// other.
class Names {
 public:
  uint32_t number_of(const std::string& name) {
    const auto [it, is_new] = numbers_.try_emplace(name, static_cast<uint32_t>(names_.size()));
    if (is_new) names_.push_back(&it->first);
    return it->second;
  }
  std::string_view at(uint32_t number) const { return *names_.at(number); }

 private:
  std::unordered_map<std::string, uint32_t> numbers_;  // whose keys stay where they are
  std::vector<const std::string*> names_;
};

Names& names() {
  static Names all;
  return all;
}

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

std::string_view name_of(const Address& address) {
  uint32_t number = 0;
  std::memcpy(&number, address.bytes().data() + kNamed.size(), sizeof number);
  return names().at(number);
}

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

}  // namespace

Address Address::v6(const std::array<uint8_t, 16>& network_order) {
  Address a;
  a.bytes_ = network_order;
  return a;
}

std::optional<Address> Address::parse(std::string_view text) {
  const std::string copy(text);
  std::array<uint8_t, 4> four{};
  if (inet_pton(AF_INET, copy.c_str(), four.data()) == 1) return v4(four);
  std::array<uint8_t, 16> sixteen{};
  if (inet_pton(AF_INET6, copy.c_str(), sixteen.data()) == 1) return v6(sixteen);
  return std::nullopt;
}

Address Address::named(std::string_view text) {
  const auto number = names().number_of(harmless(text));
  Address a;
  std::copy(kNamed.begin(), kNamed.end(), a.bytes_.begin());
  std::memcpy(a.bytes_.data() + kNamed.size(), &number, sizeof number);
  return a;
}

bool Address::is_named() const { return std::equal(kNamed.begin(), kNamed.end(), bytes_.begin()); }

bool Address::is_unspecified() const {
  const auto from = is_v4() ? bytes_.begin() + kMapped.size() : bytes_.begin();
  return std::all_of(from, bytes_.end(), [](uint8_t b) { return b == 0; });
}

bool Address::is_loopback() const {
  if (is_v4()) return bytes_[12] == 127;
  if (is_named()) return name_of(*this).starts_with("localhost");
  return bytes_[15] == 1 && std::all_of(bytes_.begin(), bytes_.end() - 1, [](uint8_t b) { return b == 0; });
}

uint64_t hash_of(const Endpoint& endpoint, uint64_t seed) {
  std::array<uint64_t, 2> words{};
  std::memcpy(words.data(), endpoint.address.bytes().data(), sizeof words);
  return mixed(mixed(seed, words[0]), words[1] ^ uint64_t{endpoint.port} << 16U);
}

char* write_text(char* to, const Address& address) {
  const auto& b = address.bytes();
  if (address.is_named()) {
    const auto name = name_of(address);
    return std::copy(name.begin(), name.end(), to);
  }
  if (!address.is_v4()) {
    inet_ntop(AF_INET6, b.data(), to, kAddressRoom);
    return to + std::strlen(to);
  }
  to = write_octet(to, b[12]);
  for (size_t i = 13; i < b.size(); ++i) {
    *to++ = '.';
    to = write_octet(to, b[i]);
  }
  return to;
}

char* write_text(char* to, const Endpoint& endpoint) {
  const bool bracketed = !endpoint.address.is_v4() && !endpoint.address.is_named();
  if (bracketed) *to++ = '[';
  to = write_text(to, endpoint.address);
  if (bracketed) *to++ = ']';
  if (endpoint.port == 0 && endpoint.address.is_named()) return to;
  *to++ = ':';
  return fmt::format_to(to, FMT_COMPILE("{}"), endpoint.port);
}

size_t text_length(const Endpoint& endpoint) {
  const auto& [address, port] = endpoint;
  if (!address.is_v4()) {
    std::array<char, kEndpointRoom> out{};
    return static_cast<size_t>(write_text(out.data(), endpoint) - out.data());
  }
  const auto& b = address.bytes();
  const auto octets =
      kOctets[b[12]].length + kOctets[b[13]].length + kOctets[b[14]].length + kOctets[b[15]].length;
  const size_t digits = port > 9999 ? 5 : port > 999 ? 4 : port > 99 ? 3 : port > 9 ? 2 : 1;
  return static_cast<size_t>(octets) + std::string_view("...:").size() + digits;
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto* end = text.data() + text.size();
  uint16_t port = 0;
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, port);
  auto host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  // Without brackets, the last group of an IPv6 address would pass for the port.
  const bool is_v6 = host.find(':') != std::string_view::npos;
  const auto address = Address::parse(host);
  if (error != std::errc() || stopped != end || !address || is_v6 != bracketed) return std::nullopt;
  return Endpoint{.address = *address, .port = port};
}

std::string text(const Address& address) {
  std::array<char, kAddressRoom> out{};
  return {out.data(), write_text(out.data(), address)};
}

std::string text(const Endpoint& endpoint) {
  std::array<char, kEndpointRoom> out{};
  return {out.data(), write_text(out.data(), endpoint)};
}

}  // namespace whywait
