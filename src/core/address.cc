#include "core/address.h"

#include "core/row_index.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace whywait {
namespace {

constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

Address Address::v4(const std::array<uint8_t, 4>& network_order) {
  Address a;
  std::copy(kMapped.begin(), kMapped.end(), a.bytes_.begin());
  std::copy(network_order.begin(), network_order.end(), a.bytes_.begin() + kMapped.size());
  return a;
}

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

bool Address::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }

bool Address::is_unspecified() const {
  const auto from = is_v4() ? bytes_.begin() + kMapped.size() : bytes_.begin();
  return std::all_of(from, bytes_.end(), [](uint8_t b) { return b == 0; });
}

bool Address::is_loopback() const {
  if (is_v4()) return bytes_[12] == 127;
  return bytes_[15] == 1 && std::all_of(bytes_.begin(), bytes_.end() - 1, [](uint8_t b) { return b == 0; });
}

uint64_t hash_of(const Endpoint& endpoint, uint64_t seed) {
  std::array<uint64_t, 2> words{};
  std::memcpy(words.data(), endpoint.address.bytes().data(), sizeof words);
  return mixed(mixed(seed, words[0]), words[1] ^ uint64_t{endpoint.port} << 16U);
}

std::string text(const Address& address) {
  const auto& b = address.bytes();
  if (address.is_v4()) return fmt::format("{}.{}.{}.{}", b[12], b[13], b[14], b[15]);
  std::array<char, INET6_ADDRSTRLEN> out{};
  inet_ntop(AF_INET6, b.data(), out.data(), out.size());
  return out.data();
}

std::string text(const Endpoint& endpoint) {
  return endpoint.address.is_v4() ? fmt::format("{}:{}", text(endpoint.address), endpoint.port)
                                  : fmt::format("[{}]:{}", text(endpoint.address), endpoint.port);
}

}  // namespace whywait
