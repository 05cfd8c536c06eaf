#include "core/address.h"

#include "core/row_index.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/compile.h>

namespace whywait {
namespace {

static_assert(kAddressRoom >= kIpv6Room);

constexpr uint8_t kReservedFlag = 0x80;
constexpr size_t kNumberAt = 2;
constexpr size_t kEntryAt = 8;

}  // namespace

Address Address::v6(const Ipv6Bytes& network_order) {
  Address a;
  a.bytes_ = network_order;
  if (a.is_named()) a.bytes_[1] &= static_cast<uint8_t>(~kReservedFlag);
  return a;
}

std::optional<Address> Address::parse(std::string_view text) {
  if (const auto four = parse_ipv4(text)) return v4(*four);
  if (const auto sixteen = parse_ipv6(text)) return v6(*sixteen);
  return std::nullopt;
}

static constexpr size_t kPointer = sizeof(uintptr_t);

Address Address::named(std::string_view text, Names& names) {
  const auto* entry = &names.add(text);
  static_assert(kPointer <= sizeof(Address) - kEntryAt);
  Address a;
  a.bytes_[0] = a.bytes_[1] = 0xff;
  for (size_t i = 0; i < kEntryAt - kNumberAt; ++i)
    a.bytes_.at(kEntryAt - 1 - i) = static_cast<uint8_t>(entry->second.number >> 8 * i);
  std::memcpy(&a.bytes_.at(kEntryAt), &entry, kPointer);
  return a;
}

const Names::Entry& Address::name() const {
  const Names::Entry* entry = nullptr;
  std::memcpy(&entry, &bytes_.at(kEntryAt), kPointer);
  return *entry;
}

bool Address::is_unspecified() const {
  const auto from = is_v4() ? bytes_.begin() + kMapped.size() : bytes_.begin();
  return std::all_of(from, bytes_.end(), [](uint8_t b) { return b == 0; });
}

bool Address::is_loopback() const {
  if (is_v4()) return bytes_[12] == 127;
  if (is_named()) return name().first.starts_with("localhost");
  return bytes_[15] == 1 && std::all_of(bytes_.begin(), bytes_.end() - 1, [](uint8_t b) { return b == 0; });
}

uint64_t hash_of(const Endpoint& endpoint, uint64_t seed) {
  if (endpoint.address.is_named())
    return mixed(mixed(seed, endpoint.address.name().second.hash), endpoint.port);
  std::array<uint64_t, 2> words{};
  std::memcpy(words.data(), endpoint.address.bytes().data(), sizeof words);
  return mixed(mixed(seed, words[0]), words[1] ^ uint64_t{endpoint.port} << 16U);
}

char* write_text(char* to, const Address& address) {
  if (address.is_v4()) return write_ipv4(to, &address.bytes()[kMapped.size()]);
  if (!address.is_named()) return write_ipv6(to, address.bytes());
  const auto& name = address.name().first;
  return std::copy(name.begin(), name.end(), to);
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
  const size_t digits = port > 9999 ? 5 : port > 999 ? 4 : port > 99 ? 3 : port > 9 ? 2 : 1;
  return ipv4_length(&address.bytes()[kMapped.size()]) + 1 + digits;
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
