// IP addresses and endpoints. An IPv4-mapped IPv6 address and the IPv4 address are the same value, so that
// the two ends of a connection pair whichever family their sockets have.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace whywait {

// What an IPv4-mapped address begins with (RFC 4291 section 2.5.5.2).
inline constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

class Address {
 public:
  Address() = default;  // ::

  static Address v4(const std::array<uint8_t, 4>& network_order) {
    Address a;
    std::copy(kMapped.begin(), kMapped.end(), a.bytes_.begin());
    std::copy(network_order.begin(), network_order.end(), a.bytes_.begin() + kMapped.size());
    return a;
  }
  static Address v6(const std::array<uint8_t, 16>& network_order);  // a mapped one becomes IPv4
  static std::optional<Address> parse(std::string_view text);
  // What a dump prints in place of an address: a host's name, cut short or not, or something that hides it.
  // Equal texts are equal addresses. At most kNameRoom bytes count, and what could do harm where it is
  // printed (control characters, quotes, markup) becomes '?'. It is none of RFC 4291's: bytes ff ff, then a
  // number of this process.
  static Address named(std::string_view text);

  bool is_named() const;
  bool is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }
  bool is_unspecified() const;  // 0.0.0.0 or ::
  bool is_loopback() const;     // 127.0.0.0/8 or ::1, or named localhost
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }

  auto operator<=>(const Address&) const = default;

 private:
  std::array<uint8_t, 16> bytes_{};  // network order; IPv4 as ::ffff:a.b.c.d
};

struct Endpoint {
  Address address;
  uint16_t port = 0;  // host order

  auto operator<=>(const Endpoint&) const = default;
};

uint64_t hash_of(const Endpoint& endpoint, uint64_t seed);
inline uint64_t hash_of_ends(const Endpoint& local, const Endpoint& remote, uint64_t seed) {
  return hash_of(remote, hash_of(local, seed));
}

std::string text(const Address& address);
// 10.0.0.1:80, [2001:db8::1]:80, localhost:80. Where the port is not known either, the name stands for both.
std::string text(const Endpoint& endpoint);

// That text again: with brackets around IPv6, without them around IPv4. Nothing for any other.
std::optional<Endpoint> parse_endpoint(std::string_view text);

// The same text, written to where there is room for kAddressRoom or kEndpointRoom bytes, all of which it may
// overwrite. Gives the end of the text; no NUL follows.
inline constexpr size_t kNameRoom = 80;
inline constexpr size_t kAddressRoom = kNameRoom;
inline constexpr size_t kEndpointRoom = kAddressRoom + 8;
char* write_text(char* to, const Address& address);
char* write_text(char* to, const Endpoint& endpoint);
size_t text_length(const Endpoint& endpoint);

}  // namespace whywait
