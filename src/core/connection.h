// One row of a socket table, from any source. A source sets the fields that it knows; the accessors of all
// others return nothing rather than zero. The class is kept small because a busy machine has a million rows.
#pragma once

#include "core/address.h"
#include "core/age.h"
#include "core/answer.h"
#include "core/pages.h"
#include "core/state.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <unordered_map>

namespace whywait {

// The purpose of the timer that is pending for a socket (idiag_timer in inet_sk_diag_fill, and its twins for
// mini-sockets).
enum class TimerKind : uint8_t { None, Retransmit, KeepAlive, TimeWait, ZeroWindowProbe };

struct Timer {
  TimerKind kind = TimerKind::None;
  uint8_t retransmits = 0;  // unanswered probes if the kind is KeepAlive or ZeroWindowProbe
  Milliseconds expires_in{0};

  bool operator==(const Timer&) const = default;
};

// The directions that shutdown() or a FIN has closed (sk_shutdown).
struct Shutdown {
  bool receive = false;
  bool send = false;

  bool operator==(const Shutdown&) const = default;
};

// A network namespace by its inode number (/proc/PID/ns/net). A source that knows only one, such as a dump,
// uses 0.
enum class Netns : uint32_t {};

class Connection {
 public:
  Endpoint local;
  Endpoint remote;
  uint32_t interface = 0;  // scope id of a link-local address; 0 if it has none
  Netns netns{0};
  State state = State::Closed;

  // LISTEN: the number of connections that wait for accept(). Other states: the bytes that wait for read();
  // Linux counts an unread FIN as one.
  std::optional<uint32_t> recv_q() const { return given<uint32_t>(kRecvQ, recv_q_); }
  // LISTEN: the limit of the accept queue. Other states: the bytes that the peer has not acknowledged; an
  // unacknowledged FIN counts as one.
  std::optional<uint32_t> send_q() const { return given<uint32_t>(kSendQ, send_q_); }
  // 0 if no file refers to this socket: it is not accepted yet, the kernel holds it as an orphan, or it is a
  // mini-socket.
  std::optional<uint32_t> inode() const { return given<uint32_t>(kInode, inode_); }
  // The inode for a reader, or nothing if the source names holders but no inodes. Then inode() returns a
  // number that whywait made up to join sockets with their holders.
  std::optional<uint32_t> printed_inode() const { return numbered_ ? std::nullopt : inode(); }
  std::optional<uint32_t> uid() const { return given<uint32_t>(kUid, uid_); }
  // Unique within one boot.
  std::optional<uint64_t> cookie() const { return given<uint64_t>(kCookie, cookie_); }
  // True for a subflow of an MPTCP connection: the descriptor belongs to the connection, not to the subflow.
  // False also if the source does not say.
  bool is_mptcp() const { return mptcp_; }
  std::optional<Timer> timer() const {
    return given<Timer>(kTimer, {timer_kind_, retransmits_, Milliseconds(expires_in_ms_)});
  }
  std::optional<Shutdown> shutdown() const { return given<Shutdown>(kShutdown, shutdown_); }
  std::optional<uint32_t> info() const {
    return given<uint32_t>(kInfo, info_);
  }  // index in SocketTable::infos

  void set_recv_q(uint32_t v) { set(kRecvQ, recv_q_, v); }
  void set_send_q(uint32_t v) { set(kSendQ, send_q_, v); }
  void set_inode(uint32_t v) {
    set(kInode, inode_, v);
    numbered_ = false;
  }
  void set_number(uint32_t v) {
    set_inode(v);
    numbered_ = true;
  }
  void set_uid(uint32_t v) { set(kUid, uid_, v); }
  void set_cookie(uint64_t v) { set(kCookie, cookie_, v); }
  void set_mptcp() { mptcp_ = true; }
  void set_timer(Timer v) {
    set(kTimer, timer_kind_, v.kind);
    retransmits_ = v.retransmits;
    expires_in_ms_ = static_cast<uint32_t>(std::clamp<int64_t>(v.expires_in.count(), 0, kLongest));
  }
  void set_shutdown(Shutdown v) { set(kShutdown, shutdown_, v); }
  void set_info(uint32_t v) { set(kInfo, info_, v); }

  // The number of optional fields. A test forgets each of them in turn.
  static constexpr uint16_t kFields = 8;
  void forget(uint16_t field) { given_ = static_cast<uint16_t>(given_ & ~(1U << field)); }

 private:
  static constexpr int64_t kLongest = std::numeric_limits<uint32_t>::max();  // 49.7 days

  enum : uint16_t { kRecvQ, kSendQ, kInode, kUid, kCookie, kTimer, kShutdown, kInfo };

  template <class T>
  std::optional<T> given(uint16_t field, const T& value) const {
    return (given_ >> field & 1U) != 0 ? std::optional<T>(value) : std::nullopt;
  }
  template <class T>
  void set(uint16_t field, T& slot, const T& value) {
    slot = value;
    given_ = static_cast<uint16_t>(given_ | 1U << field);
  }

  uint16_t given_ = 0;
  Shutdown shutdown_;
  bool mptcp_ = false;
  bool numbered_ = false;
  TimerKind timer_kind_ = TimerKind::None;
  uint8_t retransmits_ = 0;
  uint32_t recv_q_ = 0;
  uint32_t send_q_ = 0;
  uint32_t inode_ = 0;
  uint32_t uid_ = 0;
  uint32_t info_ = 0;
  uint32_t expires_in_ms_ = 0;
  uint64_t cookie_ = 0;
};
static_assert(sizeof(Connection) <= 88);

// The fields of the kernel's struct tcp_info that a rule or a reader can use. The ages count milliseconds
// back from the moment of reading; the kernel keeps them in 32 bits, so they wrap after 49.7 days.
struct TcpInfo {
  uint32_t last_data_sent_ms = 0;
  uint32_t last_data_received_ms = 0;  // since the handshake if no data ever came
  uint32_t last_ack_received_ms = 0;
  uint32_t data_segments_in = 0;
  uint32_t unacknowledged = 0;  // segments
  uint32_t send_window = 0;     // in bytes, as the peer advertised it last
  uint64_t bytes_received = 0;  // a FIN counts as one
  uint64_t bytes_acknowledged = 0;
  uint64_t bytes_sent = 0;
  uint8_t retransmits = 0;
  uint8_t probes = 0;
};

struct SocketTable {
  // The names that stand for addresses in the rows; null if there are none. Every copy of the table keeps
  // them alive.
  std::shared_ptr<const Names> names;
  Pages<Connection> connections;
  Pages<TcpInfo> infos;

  // Ages in the state that the source reports itself, by row: from netstat -i on Windows 11, or computed from
  // two dumps of one host.
  std::unordered_map<uint32_t, Age> reported_ages;

  const TcpInfo* info(const Connection& c) const { return c.info() ? &infos.at(*c.info()) : nullptr; }
};

// How long the connection has been in its present condition, derived from one look: in CLOSE_WAIT and
// FIN_WAIT_2 from tcp_info, in TIME_WAIT from the timer; in ESTABLISHED the time since the peer last sent
// data or, if it never did, since the handshake. NotOffered for states that the kernel does not date.
// `uptime` bounds whether a 32-bit age can have wrapped.
Answer<Age> age_in_state(const Connection& c, const TcpInfo* info, std::optional<Milliseconds> uptime);
// The age that the source reports for this row if there is one, else age_in_state().
Answer<Age> age_of_row(const SocketTable& table, uint32_t row, std::optional<Milliseconds> uptime);

}  // namespace whywait
