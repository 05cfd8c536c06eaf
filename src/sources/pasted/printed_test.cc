#include "sources/pasted/printed_test.h"

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace whywait::testing {
namespace {

class Maker {
 public:
  Maker(uint32_t seed, bool wide) : random_(seed), wide_(wide) {}

  Socket socket(uint32_t number) {
    // CLOSED has no row anywhere.
    constexpr size_t kRows = kAllStates.size() - 1;
    Socket s{.state = kAllStates.at(1 + number % kRows)};
    s.is_v6 = below(2) == 0;
    const bool is_mapped = s.is_v6 && s.state != State::Listen && below(3) == 0;
    const auto address = [&] { return s.is_v6 && !is_mapped ? v6() : v4(); };
    s.local = {s.state == State::Listen && below(2) == 0 ? any(s.is_v6) : address(), port()};
    s.remote = s.state == State::Listen ? Endpoint{any(s.is_v6), 0} : Endpoint{address(), port()};
    s.recv_q = below(3) == 0 ? below(1U << 20U) : below(2);
    s.send_q = below(3) == 0 ? below(1U << 20U) : below(2);
    s.age = Milliseconds(below(1'000'000'000));
    s.timer = timer(s.state);
    s.cookie = 1 + below(1U << 30U);
    if (s.state == State::TimeWait || s.state == State::SynReceived) return s;
    s.uid = below(70000);
    s.inode = 10'000 + number * 7 + below(7);
    s.holders = holders();
    return s;
  }

 private:
  uint32_t below(uint32_t end) { return std::uniform_int_distribution<uint32_t>(0, end - 1)(random_); }
  uint16_t port() { return static_cast<uint16_t>(1 + below(65535)); }
  static Address any(bool is_v6) { return is_v6 ? Address() : Address::v4({}); }
  Address v4() {
    const auto byte = [&] { return static_cast<uint8_t>(below(256)); };
    return Address::v4({10, byte(), byte(), static_cast<uint8_t>(1 + below(254))});
  }
  Address v6() {
    if (!wide_) return *Address::parse(fmt::format("fd{:02x}::{:x}", below(256), 1 + below(0xffff)));
    std::array<uint8_t, 16> bytes{};
    for (auto& b : bytes) b = below(3) == 0 ? uint8_t{0} : static_cast<uint8_t>(below(256));
    bytes[0] = 0x20;
    return Address::v6(bytes);
  }

  // Rounds a duration to one that every tool prints exactly: ss has only three digits or two units.
  Milliseconds left() {
    if (below(3) == 0) return Milliseconds(10 * (1 + below(999)));
    if (below(2) == 0) return Milliseconds(1000 * (10 + below(590)));
    return Milliseconds(60'000 * (10 + below(110)));
  }
  Timer timer(State state) {
    if (state == State::Listen) return {};
    if (state == State::TimeWait)
      return {.kind = TimerKind::TimeWait, .expires_in = Milliseconds(1000 * (10 + below(50)))};
    constexpr std::array kKinds = {TimerKind::None, TimerKind::Retransmit, TimerKind::KeepAlive,
                                   TimerKind::ZeroWindowProbe};
    const auto kind = kKinds.at(below(kKinds.size()));
    if (kind == TimerKind::None) return {};
    return {.kind = kind, .retransmits = static_cast<uint8_t>(below(16)), .expires_in = left()};
  }

  std::vector<HeldBy> holders() {
    // Program names that give parsers trouble.
    const std::array<std::string, 6> names = {"shop", "java", "a b", "nginx: worker", "x,y(z)", "svc-1.2_3"};
    std::vector<HeldBy> out;
    const auto count = below(4) == 0 ? 1 + below(3) : 1;
    for (uint32_t i = 0; i < count; ++i) {
      const auto pid = 100 + below(900);
      out.push_back(
          {static_cast<int32_t>(pid), names.at(pid % names.size()), static_cast<int32_t>(3 + below(5000))});
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  std::mt19937 random_;
  bool wide_;
};

}  // namespace

Sockets made_up(uint32_t seed, size_t count, bool wide) {
  Maker maker(seed, wide);
  std::set<std::pair<Endpoint, Endpoint>> seen;
  Sockets out;
  for (uint32_t i = 0; out.size() < count; ++i) {
    auto s = maker.socket(i);
    if (seen.emplace(s.local, s.remote).second) out.push_back(std::move(s));
  }
  return out;
}

std::string written(const Endpoint& end, bool is_v6, const Written& how) {
  const auto port = end.port == 0 ? std::string(how.no_port) : fmt::format("{}", end.port);
  auto address = text(end.address);
  if (how.any != nullptr && end.address.is_unspecified())
    address = how.any;
  else if (is_v6 && end.address.is_v4() && how.mapped)
    address = "::ffff:" + address;
  const bool in_brackets = how.brackets && address.find(':') != std::string::npos;
  return in_brackets ? fmt::format("[{}]{}{}", address, how.parting, port) : address + how.parting + port;
}

std::vector<Tool> all_tools() {
  auto all = linux_tools();
  for (auto& tool : bsd_tools()) all.push_back(std::move(tool));
  for (auto& tool : windows_tools()) all.push_back(std::move(tool));
  return all;
}

}  // namespace whywait::testing
