// IP addresses and endpoints. An IPv4-mapped IPv6 address and the IPv4 address are one value, so that the two
// ends of a connection pair whatever the family of their sockets.
#pragma once

#include "core/ip_text.h"
#include "core/names.h"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace whywait {

// The prefix of an IPv4-mapped address (RFC 4291 section 2.5.5.2).
inline constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

class Address {
 public:
  Address() = default;  // ::

  static Address v4(const Ipv4Bytes& network_order) {
    Address a;
    std::copy(kMapped.begin(), kMapped.end(), a.bytes_.begin());
    std::copy(network_order.begin(), network_order.end(), a.bytes_.begin() + kMapped.size());
    return a;
  }
  // Converts a mapped address to IPv4. In an address that begins with ffff it clears the reserved flag (RFC
  // 4291 section 2.7): no TCP socket has such an address, and named() marks its own by it.
  static Address v6(const Ipv6Bytes& network_order);
  static std::optional<Address> parse(std::string_view text);
  // What a dump prints in place of an address: a host's name, cut short or not, or something that hides it.
  // Equal texts are equal addresses, in whichever Names they stand. It leads to its entry there, so `names`
  // must outlive it.
  static Address named(std::string_view text, Names& names);

  bool is_named() const { return bytes_[0] == 0xff && bytes_[1] == 0xff; }
  bool is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }
  bool is_unspecified() const;  // 0.0.0.0 or ::
  bool is_loopback() const;     // 127.0.0.0/8 or ::1, or named localhost
  // Within one table, these order addresses as well.
  const Ipv6Bytes& bytes() const { return bytes_; }
  // Only if is_named().
  const Names::Entry& name() const;

  bool operator==(const Address& other) const {
    return bytes_ == other.bytes_ || (is_named() && other.is_named() && name().first == other.name().first);
  }
  std::strong_ordering operator<=>(const Address& other) const {
    return is_named() && other.is_named() ? name().first <=> other.name().first : bytes_ <=> other.bytes_;
  }

 private:
  // Network order; IPv4 as ::ffff:a.b.c.d. A name is two bytes ff, six of its number, and eight that point to
  // its entry.
  Ipv6Bytes bytes_{};
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

// Parses that text: with brackets around IPv6, without them around IPv4. Nothing for any other text.
std::optional<Endpoint> parse_endpoint(std::string_view text);

// Write the same text to a buffer with room for kAddressRoom or kEndpointRoom bytes, all of which they may
// overwrite, and return its end. They add no NUL.
inline constexpr size_t kAddressRoom = kNameRoom;
inline constexpr size_t kEndpointRoom = kAddressRoom + 8;
char* write_text(char* to, const Address& address);
char* write_text(char* to, const Endpoint& endpoint);
size_t text_length(const Endpoint& endpoint);

}  // namespace whywait
