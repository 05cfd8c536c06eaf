#include "sources/live/iterator_decode.h"

#include "bpf/records.h"
#include "core/linux_numbers.h"
#include "sources/live/sock_diag_decode.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <netinet/in.h>
#include <unistd.h>

namespace whywait::live {
namespace {

static_assert(sizeof(whywait_socket) == 168);
static_assert(sizeof(whywait_descriptor) == 16);
static_assert(sizeof(whywait_flight) == 8);
static_assert(sizeof(whywait_thread) == 32);
static_assert(alignof(whywait_socket) == 8);

template <class T>
T read_as(std::span<const std::byte> bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

Address address_of(const __u8 (&bytes)[16]) {  // NOLINT(*-avoid-c-arrays): the record's type
  std::array<uint8_t, 16> out{};
  std::memcpy(out.data(), &bytes[0], out.size());
  return Address::v6(out);
}

bool has(const whywait_socket& s, unsigned flag) { return (s.flags & flag) != 0; }

uint32_t milliseconds(uint32_t jiffies, uint32_t hz) {
  return static_cast<uint32_t>(uint64_t{jiffies} * 1000 / hz);
}

// In a listener these fields mean other things, and no clock dates it.
TcpInfo info_of(const whywait_socket& s, uint32_t hz) {
  return {.last_data_sent_ms = milliseconds(s.since_data_sent, hz),
          .last_data_received_ms = milliseconds(s.since_data_received, hz),
          .last_ack_received_ms = milliseconds(s.since_ack_received, hz),
          .data_segments_in = s.data_segments_in,
          .unacknowledged = s.packets_out,
          .send_window = s.send_window,
          .bytes_received = s.bytes_received,
          .bytes_acknowledged = s.bytes_acked,
          .bytes_sent = s.bytes_sent,
          .retransmits = s.tcp_retransmits,
          .probes = s.tcp_probes};
}

Connection row_of(const whywait_socket& s, State state, uint32_t hz) {
  Connection c;
  c.netns = Netns{s.netns};
  c.state = state;
  c.local = {.address = address_of(s.local), .port = s.local_port};
  c.remote = {.address = address_of(s.remote), .port = s.remote_port};
  c.interface = s.interface;
  c.set_recv_q(s.recv_q);
  c.set_send_q(s.send_q);
  c.set_inode(s.inode);
  c.set_uid(s.uid);
  c.set_cookie(s.cookie);
  if (has(s, WHYWAIT_MPTCP)) c.set_mptcp();
  if (const auto kind = timer_kind_of_linux(s.timer)) {
    c.set_timer({.kind = *kind,
                 .retransmits = s.retransmits,
                 .expires_in = Milliseconds(milliseconds(s.timer_in, hz))});
  }
  if (!has(s, WHYWAIT_MINI))
    c.set_shutdown({.receive = (s.shutdown & 1U) != 0, .send = (s.shutdown & 2U) != 0});
  return c;
}

// False where a row of this kind has nothing else to tell: those are the many.
bool is_worth_keeping(const whywait_socket& s) {
  return !has(s, WHYWAIT_HAS_FILE) || s.epoll_items > 0 || s.waiter_count > 0 || s.dead_in_queue > 0;
}

SocketDetail detail_of(const whywait_socket& s, uint32_t row, State state) {
  SocketDetail d;
  d.row = row;
  d.set_has_file(has(s, WHYWAIT_HAS_FILE));
  if (has(s, WHYWAIT_EPOLL_KNOWN)) {
    d.set_epoll({.events = s.epoll_events,
                 .items = s.epoll_items,
                 .pending = s.epoll_items > 0 && has(s, WHYWAIT_EPOLL_PENDING)});
  }
  if (has(s, WHYWAIT_WAITERS_KNOWN)) d.set_waiters(s.waiter_count);
  if (state == State::Listen && has(s, WHYWAIT_QUEUE_KNOWN)) d.set_dead_in_queue(s.dead_in_queue);
  return d;
}

}  // namespace

template <class One>
void IteratorDecoder::each(std::span<const std::byte> bytes, One one) {
  if (!rest_.empty()) {
    rest_.insert(rest_.end(), bytes.begin(), bytes.end());
    bytes = rest_;
  }
  while (const auto taken = one(bytes)) bytes = bytes.subspan(taken);
  rest_ = std::vector<std::byte>(bytes.begin(), bytes.end());
}

void IteratorDecoder::descriptors(std::span<const std::byte> bytes) {
  each(bytes, [this](std::span<const std::byte> left) { return descriptor(left); });
}

void IteratorDecoder::sockets(std::span<const std::byte> bytes) {
  each(bytes, [this](std::span<const std::byte> left) -> size_t {
    if (left.size() < sizeof(whywait_socket)) return 0;
    const auto row = socket(left);
    const auto inode = row ? table_.connections[*row].inode().value_or(0) : 0;
    if (inode != 0 && has(read_as<whywait_socket>(left), WHYWAIT_HAS_FILE)) unheld_.push_back(*row);
    return sizeof(whywait_socket);
  });
}

size_t IteratorDecoder::descriptor(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(whywait_descriptor)) return 0;
  const auto d = read_as<whywait_descriptor>(bytes);
  const Holder holder{.inode = d.inode, .pid = Pid{static_cast<int32_t>(d.pid)}, .fd = d.fd};
  size_t taken = sizeof d;
  switch (d.kind) {
    case WHYWAIT_PIPE:
      if (d.fd > STDERR_FILENO) ++pipes_[{holder.pid, d.inode}];
      return taken;
    case WHYWAIT_IO_URING: rings_.push_back(holder); return taken;
    case WHYWAIT_TCP_FOLLOWS:
      if (bytes.size() < sizeof d + sizeof(whywait_socket)) return 0;
      socket(bytes.subspan(sizeof d));
      taken += sizeof(whywait_socket);
      break;
    case WHYWAIT_TCP: break;
    default:
      holders_.not_in_table.push_back(
          {.inode = d.inode, .what = d.protocol == IPPROTO_MPTCP ? NotInTable::Mptcp : NotInTable::Other});
      break;
  }
  holders_.rows.push_back(holder);
  return taken;
}

std::optional<uint32_t> IteratorDecoder::socket(std::span<const std::byte> bytes) {
  const auto s = read_as<whywait_socket>(bytes);
  const auto state = state_of_linux(s.state);
  if (!state || (only_ && *only_ != Netns{s.netns})) return std::nullopt;
  // Never connected: in no table, and no connection either. (tcp_done() shuts a dead one down both ways.)
  if (*state == State::Closed && s.shutdown == 0) {
    holders_.not_in_table.push_back({.inode = s.inode, .what = NotInTable::Unconnected});
    return std::nullopt;
  }
  auto row = row_of(s, *state, hz_);
  const auto index = static_cast<uint32_t>(table_.connections.size());
  if (has(s, WHYWAIT_HAS_INFO) && *state != State::Listen) {
    row.set_info(static_cast<uint32_t>(table_.infos.size()));
    table_.infos.push_back(info_of(s, hz_));
  }
  table_.connections.push_back(row);
  auto& tally = tallies_[row.netns];
  if (*state != State::Closed && !has(s, WHYWAIT_MINI)) ++tally.in_use;
  tally.handshakes += s.handshakes;
  if (*state == State::Listen) listeners_.emplace(s.cookie, index);
  if (s.listener != 0) waiting_.emplace_back(index, s.listener);
  known_ &= has(s, WHYWAIT_HAS_FILE) ? s.flags : ~0U;
  if (!is_worth_keeping(s)) return index;
  details_.rows.push_back(detail_of(s, index, *state));
  for (size_t i = 0; i < std::min<size_t>(s.waiter_count, WHYWAIT_WAITERS); ++i) {
    details_.waiters.push_back({.row = index, .tid = Tid{static_cast<int32_t>(s.waiters[i])}});
  }
  return index;
}

IteratorDecoder::View IteratorDecoder::take() {
  for (const auto& [row, cookie] : waiting_) {
    const auto listener = listeners_.find(cookie);
    const auto detail = std::lower_bound(details_.rows.begin(), details_.rows.end(), row,
                                         [](const SocketDetail& d, uint32_t r) { return d.row < r; });
    if (listener != listeners_.end() && detail != details_.rows.end()) detail->set_listener(listener->second);
  }
  std::sort(details_.waiters.begin(), details_.waiters.end());
  details_.everywhere = true;
  details_.others.set_has_file(true);
  if ((known_ & WHYWAIT_EPOLL_KNOWN) != 0) details_.others.set_epoll({.pending = false});
  if ((known_ & WHYWAIT_WAITERS_KNOWN) != 0) details_.others.set_waiters(0);
  holders_.pipes.emplace();
  for (const auto& [pipe, ends] : pipes_) {
    if (ends == 1) ++(*holders_.pipes)[pipe.first];
  }
  holders_.sort();
  return {.table = std::move(table_), .holders = std::move(holders_), .details = std::move(details_)};
}

}  // namespace whywait::live
