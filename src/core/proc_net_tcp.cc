#include "core/proc_net_tcp.h"

#include "core/linux_numbers.h"

#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <vector>

namespace whywait {
namespace {

// clock_t of every Linux: times in /proc are hundredths of a second (USER_HZ).
constexpr int64_t kMillisecondsPerTick = 10;

template <class T>
std::optional<T> number(std::string_view text, int base) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view line, char by) {
  std::vector<std::string_view> out;
  while (!line.empty()) {
    const auto end = std::min(line.find(by), line.size());
    if (end > 0) out.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return out;
}

// 32-bit words, each printed as the number that its network-order bytes make on this host.
template <size_t N>
std::optional<std::array<uint8_t, N>> bytes_of(std::string_view hex) {
  std::array<uint8_t, N> out{};
  for (size_t i = 0; i < N; i += 4) {
    const auto word = number<uint32_t>(hex.substr(i * 2, 8), 16);
    if (!word) return std::nullopt;
    std::memcpy(&out.at(i), &*word, sizeof *word);
  }
  return out;
}

std::optional<Endpoint> endpoint(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = number<uint16_t>(text.substr(colon + 1), 16);
  const auto hex = text.substr(0, colon);
  if (!port) return std::nullopt;
  if (hex.size() == 8) {
    const auto b = bytes_of<4>(hex);
    return b ? std::optional(Endpoint{Address::v4(*b), *port}) : std::nullopt;
  }
  if (hex.size() == 32) {
    const auto b = bytes_of<16>(hex);
    return b ? std::optional(Endpoint{Address::v6(*b), *port}) : std::nullopt;
  }
  return std::nullopt;
}

template <class T>
std::optional<std::pair<T, T>> pair_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto first = number<T>(text.substr(0, colon), 16);
  const auto second = number<T>(text.substr(colon + 1), 16);
  if (!first || !second) return std::nullopt;
  return std::pair(*first, *second);
}

}  // namespace

bool decode_proc_net_tcp(std::string_view line, Netns netns, SocketTable& table) {
  // slot local remote state tx:rx timer:when retransmits uid probes inode …
  const auto words = split(line, ' ');
  if (words.size() < 10) return false;
  const auto local = endpoint(words[1]);
  const auto remote = endpoint(words[2]);
  const auto kernel_state = number<uint8_t>(words[3], 16);
  const auto queues = pair_of<uint32_t>(words[4]);
  const auto timer = pair_of<uint32_t>(words[5]);
  const auto uid = number<uint32_t>(words[7], 10);
  const auto inode = number<uint32_t>(words[9], 10);
  const auto state = kernel_state ? state_of_linux(*kernel_state) : std::nullopt;
  if (!local || !remote || !state || !queues || !timer || !uid || !inode) return false;

  Connection c;
  c.netns = netns;
  c.state = *state;
  c.local = *local;
  c.remote = *remote;
  // A listener's first number is always 0 here: the limit of its queue is not told.
  if (c.state != State::Listen) c.set_send_q(queues->first);
  c.set_recv_q(queues->second);
  c.set_uid(*uid);
  c.set_inode(*inode);
  if (const auto kind = timer_kind_of_linux(static_cast<uint8_t>(timer->first))) {
    const bool probes = *kind == TimerKind::KeepAlive || *kind == TimerKind::ZeroWindowProbe;
    const auto retransmits =
        (probes ? number<uint32_t>(words[8], 10) : number<uint32_t>(words[6], 16)).value_or(0);
    c.set_timer({.kind = *kind,
                 .retransmits = static_cast<uint8_t>(std::min(retransmits, 255U)),
                 .expires_in = Milliseconds(int64_t{timer->second} * kMillisecondsPerTick)});
  }
  table.connections.push_back(c);
  return true;
}

}  // namespace whywait
