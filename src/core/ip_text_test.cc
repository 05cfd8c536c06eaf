#include "core/ip_text.h"

#include <random>
#include <string>

#include <arpa/inet.h>
#include <gmock/gmock.h>

namespace whywait {
namespace {

// What the system makes of the same text is the reference.
template <class Bytes>
std::optional<Bytes> by_system(int family, const std::string& text) {
  Bytes out{};
  return inet_pton(family, text.c_str(), out.data()) == 1 ? std::optional(out) : std::nullopt;
}

void expect_as_system(const std::string& text) {
  EXPECT_EQ(parse_ipv4(text), by_system<Ipv4Bytes>(AF_INET, text)) << text;
  EXPECT_EQ(parse_ipv6(text), by_system<Ipv6Bytes>(AF_INET6, text)) << text;
}

std::string written(const Ipv4Bytes& bytes) {
  std::array<char, kIpv4Room> out{};
  return {out.data(), write_ipv4(out.data(), bytes.data())};
}
std::string written(const Ipv6Bytes& bytes) {
  std::array<char, kIpv6Room> out{};
  return {out.data(), write_ipv6(out.data(), bytes)};
}

template <class Bytes>
std::string by_system(int family, const Bytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  return inet_ntop(family, bytes.data(), out.data(), out.size());
}

// Zeros and what an IPv4 address stands behind are frequent, so that every run and form comes up.
Ipv6Bytes some_address(std::mt19937& random) {
  Ipv6Bytes out{};
  const auto zeros = random();
  for (size_t i = 0; i < out.size(); i += 2) {
    if ((zeros >> i & 1U) != 0) continue;
    const auto group = random() % 4 == 0 ? 0xffffU : random() % 3 == 0 ? random() % 256 : random();
    out.at(i) = static_cast<uint8_t>(group >> 8U);
    out.at(i + 1) = static_cast<uint8_t>(group);
  }
  if (random() % 8 == 0) std::fill_n(out.begin(), 10 + 2 * (random() % 2), uint8_t{0});
  return out;
}

TEST(IpText, ReadsWhatTheSystemReads) {
  for (const auto* text : {"",
                           "0.0.0.0",
                           "1.2.3.4",
                           "255.255.255.255",
                           "256.1.1.1",
                           "01.2.3.4",
                           "1.2.3.04",
                           "1.2.3.00",
                           "1.2.3.0",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.",
                           ".1.2.3",
                           "1..2.3",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "+1.2.3.4",
                           "-1.2.3.4",
                           "0x1.2.3.4",
                           "1000.1.1.1",
                           "::",
                           ":",
                           ":::",
                           "::1",
                           "1::",
                           "::1::",
                           "1::2::3",
                           ":1",
                           "1:",
                           "1:2:3:4:5:6:7:8",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7::",
                           "::2:3:4:5:6:7:8",
                           "1:2:3:4::5:6:7:8",
                           "1:2:3:4:5:6:7:8::",
                           "::1:2:3:4:5:6:7:8",
                           "12345::",
                           "00001::",
                           "0001::",
                           "g::",
                           "2001:db8::1",
                           "2001:DB8::1",
                           "fe80::1%lo",
                           "fe80::1%1",
                           "[::1]",
                           "::ffff:1.2.3.4",
                           "::FFFF:1.2.3.4",
                           "::1.2.3.4",
                           "::ffff:1.2.3",
                           "::ffff:1.2.3.4.5",
                           "::ffff:01.2.3.4",
                           "::ffff:256.2.3.4",
                           "1.2.3.4::",
                           "::1.2.3.4:5",
                           "1:2:3:4:5:6:1.2.3.4",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "1:2:3:4:5::1.2.3.4",
                           "1:2:3:4:5:1.2.3.4",
                           "64:ff9b::10.0.0.1",
                           "1.2.3.4:80",
                           "::+1",
                           "::-1",
                           "::0x1",
                           "::1 ",
                           "localhost",
                           "ffff::1",
                           "1:::2",
                           "::.1",
                           "::1."})
    expect_as_system(text);
}

TEST(IpText, ReadsGeneratedTextAsTheSystem) {
  std::mt19937 random(4711);
  constexpr std::string_view kAlphabet = "0123456789abcdefF::::...g%";
  for (int i = 0; i < 100'000; ++i) {
    auto text =
        i % 2 == 0
            ? by_system(AF_INET6, some_address(random))
            : written(Ipv4Bytes{static_cast<uint8_t>(random()), static_cast<uint8_t>(random()), 0, 10});
    expect_as_system(text);
    const auto at = random() % text.size();
    switch (random() % 3) {
      case 0: text.erase(at, 1 + random() % 3); break;
      case 1: text.insert(at, 1, kAlphabet[random() % kAlphabet.size()]); break;
      default: text[at] = kAlphabet[random() % kAlphabet.size()];
    }
    expect_as_system(text);
  }
}

TEST(IpText, WritesWhatTheSystemWrites) {
  std::mt19937 random(4711);
  for (int i = 0; i < 100'000; ++i) {
    const auto six = some_address(random);
    EXPECT_EQ(written(six), by_system(AF_INET6, six));
    EXPECT_EQ(parse_ipv6(written(six)), six);
    const Ipv4Bytes four{six[2], six[3], six[14], six[15]};
    EXPECT_EQ(written(four), by_system(AF_INET, four));
    EXPECT_EQ(ipv4_length(four.data()), written(four).size());
  }
}

}  // namespace
}  // namespace whywait
