// Parses and formats IPv4 and IPv6 addresses, which are bytes in network order: what inet_pton() and
// inet_ntop() do, but without a system library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace whywait {

using Ipv4Bytes = std::array<uint8_t, 4>;
using Ipv6Bytes = std::array<uint8_t, 16>;

// Accepts four decimal numbers without leading zeros.
std::optional<Ipv4Bytes> parse_ipv4(std::string_view text);
// Accepts the three forms of RFC 4291 section 2.2; no scope ("%lo") and no brackets.
std::optional<Ipv6Bytes> parse_ipv6(std::string_view text);

// Each writer returns the end of the text. It may overwrite this many bytes and adds no NUL.
inline constexpr size_t kIpv4Room = 16;
inline constexpr size_t kIpv6Room = 46;
char* write_ipv4(char* to, const uint8_t* four);
size_t ipv4_length(const uint8_t* four);
// RFC 5952 section 4, and the dotted form for addresses that hold an IPv4 address in their last bytes.
char* write_ipv6(char* to, const Ipv6Bytes& address);

}  // namespace whywait
