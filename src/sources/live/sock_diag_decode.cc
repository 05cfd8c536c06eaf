#include "sources/live/sock_diag_decode.h"

#include "core/linux_numbers.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>

namespace whywait::live {
namespace {

// States 1 (ESTABLISHED) to 11 (CLOSING). The kernel adds its NEW_SYN_RECV where SYN_RECV is asked for.
constexpr uint32_t kAllTcpStates = 0xffe;

template <class T>
T read_as(std::span<const std::byte> bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), std::min(sizeof value, bytes.size()));
  return value;
}

Address address_of(uint8_t family, const __be32 (&words)[4]) {  // NOLINT(*-avoid-c-arrays): the kernel's type
  if (family == AF_INET) {
    std::array<uint8_t, 4> four{};
    std::memcpy(four.data(), &words[0], four.size());
    return Address::v4(four);
  }
  std::array<uint8_t, 16> sixteen{};
  std::memcpy(sixteen.data(), &words[0], sixteen.size());
  return Address::v6(sixteen);
}

// NOLINTNEXTLINE(*-avoid-c-arrays): the kernel's type
void put_address(const Address& address, Family family, __be32 (&words)[4]) {
  const std::span bytes(address.bytes());
  const auto in_form = bytes.last(family == Family::V4 ? 4 : bytes.size());
  std::memcpy(&words[0], in_form.data(), in_form.size());
}

inet_diag_req_v2 request_for(Family family) {
  inet_diag_req_v2 request{};
  request.sdiag_family = family == Family::V4 ? AF_INET : AF_INET6;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_ext = 1U << (INET_DIAG_INFO - 1U);
  request.idiag_states = kAllTcpStates;
  return request;
}

TcpInfo info_of(std::span<const std::byte> bytes) {
  const auto i = read_as<tcp_info>(bytes);  // an older kernel gives a shorter one: the rest stays zero
  return {.last_data_sent_ms = i.tcpi_last_data_sent,
          .last_data_received_ms = i.tcpi_last_data_recv,
          .last_ack_received_ms = i.tcpi_last_ack_recv,
          .data_segments_in = i.tcpi_data_segs_in,
          .unacknowledged = i.tcpi_unacked,
          .send_window = i.tcpi_snd_wnd,
          .bytes_received = i.tcpi_bytes_received,
          .bytes_acknowledged = i.tcpi_bytes_acked,
          .bytes_sent = i.tcpi_bytes_sent,
          .retransmits = i.tcpi_retransmits,
          .probes = i.tcpi_probes};
}

// last_ack_received and last_data_received are the last that every kernel since 2.6.0 gives.
constexpr size_t kLeastInfo = offsetof(tcp_info, tcpi_pmtu);

// Nested attributes (net/ipv4/tcp_diag.c, tcp_diag_put_ulp); the name ends with NUL.
bool names_mptcp(std::span<const std::byte> nested) {
  constexpr std::string_view kName("mptcp", sizeof "mptcp");
  if (nested.size() < sizeof(nlattr) + kName.size()) return false;
  const auto first = read_as<nlattr>(nested);
  return (first.nla_type & NLA_TYPE_MASK) == INET_ULP_INFO_NAME &&
         first.nla_len == sizeof(nlattr) + kName.size() &&
         std::memcmp(nested.data() + sizeof(nlattr), kName.data(), kName.size()) == 0;
}

void decode_attribute(uint16_t type, std::span<const std::byte> value, Connection& c, SocketTable& table) {
  switch (type) {
    case INET_DIAG_INFO:
      if (value.size() < kLeastInfo) return;
      c.set_info(static_cast<uint32_t>(table.infos.size()));
      table.infos.push_back(info_of(value));
      return;
    case INET_DIAG_SHUTDOWN: {
      const auto mask = read_as<uint8_t>(value);
      c.set_shutdown({.receive = (mask & 1U) != 0, .send = (mask & 2U) != 0});
      return;
    }
    case INET_DIAG_ULP_INFO:
      if (names_mptcp(value)) c.set_mptcp();
      return;
    default: return;  // the kernel adds attributes as it likes
  }
}

// Visits only complete attributes.
template <class F>
void each_attribute(std::span<const std::byte> bytes, F each) {
  while (bytes.size() >= sizeof(nlattr)) {
    const auto attribute = read_as<nlattr>(bytes);
    if (attribute.nla_len < sizeof(nlattr) || attribute.nla_len > bytes.size()) return;
    each(static_cast<uint16_t>(attribute.nla_type & NLA_TYPE_MASK),
         bytes.subspan(sizeof(nlattr), attribute.nla_len - sizeof(nlattr)));
    bytes = bytes.subspan(std::min<size_t>(NLA_ALIGN(attribute.nla_len), bytes.size()));
  }
}

template <class T>
std::vector<std::byte> bytes_of(const T& request) {
  const auto bytes = std::as_bytes(std::span(&request, 1));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::vector<std::byte> sock_diag_request(Family family) { return bytes_of(request_for(family)); }

std::vector<std::byte> sock_diag_request(const Connection& c, Family family) {
  auto request = request_for(family);
  request.id.idiag_sport = htons(c.local.port);
  request.id.idiag_dport = htons(c.remote.port);
  put_address(c.local.address, family, request.id.idiag_src);
  put_address(c.remote.address, family, request.id.idiag_dst);
  request.id.idiag_if = c.interface;
  request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return bytes_of(request);
}

bool decode_sock_diag(std::span<const std::byte> message, Netns netns, SocketTable& table) {
  if (message.size() < sizeof(inet_diag_msg)) return false;
  const auto m = read_as<inet_diag_msg>(message);
  const auto state = state_of_linux(m.idiag_state);
  if (!state || (m.idiag_family != AF_INET && m.idiag_family != AF_INET6)) return false;

  Connection c;
  c.netns = netns;
  c.state = *state;
  c.local = {.address = address_of(m.idiag_family, m.id.idiag_src), .port = ntohs(m.id.idiag_sport)};
  c.remote = {.address = address_of(m.idiag_family, m.id.idiag_dst), .port = ntohs(m.id.idiag_dport)};
  c.interface = m.id.idiag_if;
  c.set_recv_q(m.idiag_rqueue);
  c.set_send_q(m.idiag_wqueue);
  c.set_inode(m.idiag_inode);
  c.set_uid(m.idiag_uid);
  c.set_cookie(uint64_t{m.id.idiag_cookie[1]} << 32U | m.id.idiag_cookie[0]);
  if (const auto kind = timer_kind_of_linux(m.idiag_timer)) {
    c.set_timer({.kind = *kind, .retransmits = m.idiag_retrans, .expires_in = Milliseconds(m.idiag_expires)});
  }
  each_attribute(message.subspan(sizeof m), [&](uint16_t type, std::span<const std::byte> value) {
    decode_attribute(type, value, c, table);
  });
  table.connections.push_back(c);
  return true;
}

std::vector<std::byte> unix_diag_request() {
  unix_diag_req request{};
  request.sdiag_family = AF_UNIX;
  request.udiag_states = ~0U;
  request.udiag_show = UDIAG_SHOW_PEER;
  return bytes_of(request);
}

std::optional<UnixPair> decode_unix_diag(std::span<const std::byte> message) {
  if (message.size() < sizeof(unix_diag_msg)) return std::nullopt;
  std::optional<UnixPair> out;
  const auto each = [&](uint16_t type, std::span<const std::byte> value) {
    if (type != UNIX_DIAG_PEER || value.size() < sizeof(uint32_t)) return;
    out = UnixPair{.inode = read_as<unix_diag_msg>(message).udiag_ino, .peer = read_as<uint32_t>(value)};
  };
  each_attribute(message.subspan(sizeof(unix_diag_msg)), each);
  return out;
}

}  // namespace whywait::live
