#include "rules/close_wait/family.h"

#include <algorithm>

namespace whywait {
namespace {

enum Mark : uint8_t { kSentSinceFin = 1, kFinCameAlone = 2, kAtRest = 4 };

Fin fin_of(const RowView& view) {
  const auto recv_q = view.row.recv_q();
  if (!recv_q) return Fin::Unknown;
  if (*recv_q > 0) return Fin::Unread;
  return view.facts.fin_in_recv_q ? Fin::Consumed : Fin::Unknown;
}

bool surely_sent_since(const TcpInfo& info, const Member& member) {
  return info.bytes_sent > 0 && member.is_older(Milliseconds(int64_t{info.last_data_sent_ms} + 1));
}

constexpr uint32_t kFinGap = 1000;  // ms; longer than an answer of the peer's TCP takes

// The FIN carries an ACK, so where that came after all data there was nothing else that it could belong to:
// no data of ours, no probe, no keep-alive. (A repeated FIN looks the same; it is rare.)
bool came_alone(const Connection& c, const TcpInfo& info) {
  if (info.probes > 0 || info.retransmits > 0 || c.send_q() != 0U) return false;
  const auto timer = c.timer();
  if (!timer || timer->kind != TimerKind::None) return false;
  return std::min(info.last_data_received_ms, info.last_data_sent_ms) >= info.last_ack_received_ms + kFinGap;
}

// When a TLS session ends, the record that says so is unread as well: 24, 23 or 31 bytes, and the FIN.
bool is_bare_end(uint32_t recv_q) { return recv_q == 1 || recv_q == 24 || recv_q == 25 || recv_q == 32; }

bool rests(const Connection& c, const TcpInfo& info) {
  if (c.send_q() != 0U || !is_bare_end(c.recv_q().value_or(0))) return false;
  return info.bytes_sent > 0 && info.last_data_received_ms <= info.last_data_sent_ms;
}

uint8_t marks(const RowView& view, const Member& member) {
  if (view.info == nullptr) return 0;
  unsigned marks = 0;
  if (surely_sent_since(*view.info, member)) marks |= kSentSinceFin;
  if (came_alone(view.row, *view.info)) marks |= kFinCameAlone;
  if (rests(view.row, *view.info)) marks |= kAtRest;
  return static_cast<uint8_t>(marks);
}

// One connection that is still being answered must not speak for a thousand that are not; nor one that cannot
// be, nor one at rest.
uint8_t apart(const RowView& view, const Member& m) {
  const bool answered = m.peer == PeerEnd::Open || sent_since_fin(m);
  return static_cast<uint8_t>(static_cast<unsigned>(fin_of(view)) << 3U | (answered ? 4U : 0U) |
                              (m.peer_takes_nothing ? 2U : 0U) | (is_at_rest(m) ? 1U : 0U));
}

}  // namespace

Fin fin_of(const Case& c) { return static_cast<Fin>(c.apart >> 3U); }

bool sent_since_fin(const Member& m) { return (m.marks & kSentSinceFin) != 0; }
bool fin_came_alone(const Member& m) { return (m.marks & kFinCameAlone) != 0; }
bool is_at_rest(const Member& m) { return (m.marks & kAtRest) != 0; }

constinit const Family kCloseWait{
    .state = State::CloseWait, .takes = nullptr, .marks = marks, .apart = apart};

}  // namespace whywait
