// Facts about a socket that its row does not have: who watches it, who waits on it, and in which queue it is.
// BPF programs read all of them from the kernel's structures; without BPF, /proc gives some.
#pragma once

#include "core/answer.h"
#include "core/process.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace whywait {

// All epoll items, of any process, that watch one socket (epoll(7)).
struct EpollInterest {
  uint32_t events = 0;  // EPOLLIN and so on; no event bits beside the flags means a consumed EPOLLONESHOT
  uint8_t items = 0;    // 0 if it is in no epoll set
  std::optional<bool> pending;  // an event is in a ready list and no thread has fetched it

  bool operator==(const EpollInterest&) const = default;
};

// Counts of sockets whose epoll items are known.
struct EpollTally {
  uint32_t known = 0;
  uint32_t unwatched = 0;  // in no epoll set
  uint32_t disarmed = 0;   // in one, but its EPOLLONESHOT is consumed
  // Sockets with an event in a ready list that no thread has fetched, out of those for which this is known.
  uint32_t pending = 0;
  uint32_t pending_known = 0;

  void add(const EpollInterest& interest);
};

class SocketDetail {
 public:
  uint32_t row = 0;  // index in Facts::table.connections

  std::optional<EpollInterest> epoll() const {
    if ((known_ & kEpoll) == 0) return std::nullopt;
    EpollInterest out{.events = epoll_events_, .items = epoll_items_, .pending = {}};
    if ((known_ & kPending) != 0) out.pending = (known_ & kIsPending) != 0;
    return out;
  }
  // The number of threads that sleep on it in recv(), send(), accept(), connect() or poll(). It counts all of
  // them, even if SocketDetails::waiters does not name each. It does not count epoll_wait(), which waits on
  // everything.
  std::optional<uint32_t> waiters() const { return given(kWaiters, waiters_); }
  // If the socket waits for accept(): the row of the listener in whose queue it is. Nothing if it is in none.
  std::optional<uint32_t> listener() const { return given(kListener, listener_); }
  // If it is a listener: how many connections in its queue are closed already. accept() will still return
  // them.
  std::optional<uint32_t> dead_in_queue() const { return given(kDead, dead_); }
  // True if a file refers to it. False for a socket that is not accepted, an orphan, or one that the kernel
  // made for its own use.
  std::optional<bool> has_file() const { return given(kFile, (known_ & kHasFile) != 0); }

  void set_epoll(const EpollInterest& e) {
    epoll_events_ = e.events;
    epoll_items_ = e.items;
    know(kEpoll);
    if (e.pending) know(kPending);
    if (e.pending.value_or(false)) know(kIsPending);
  }
  void set_waiters(uint32_t n) { set(kWaiters, waiters_, static_cast<uint8_t>(n)); }
  void set_listener(uint32_t row_of_listener) { set(kListener, listener_, row_of_listener); }
  void forget_listener() { known_ = static_cast<uint16_t>(known_ & ~kListener); }
  void set_dead_in_queue(uint32_t n) { set(kDead, dead_, n); }
  void set_has_file(bool has) {
    know(kFile);
    if (has) know(kHasFile);
  }

  bool operator==(const SocketDetail&) const = default;

 private:
  enum : uint16_t {
    kEpoll = 1,
    kPending = 2,
    kIsPending = 4,
    kWaiters = 8,
    kListener = 16,
    kDead = 32,
    kFile = 64,
    kHasFile = 128,
  };

  template <class T>
  std::optional<T> given(uint16_t bit, T value) const {
    return (known_ & bit) != 0 ? std::optional<T>(value) : std::nullopt;
  }
  template <class T>
  void set(uint16_t bit, T& slot, T value) {
    slot = value;
    know(bit);
  }
  void know(uint16_t bit) { known_ = static_cast<uint16_t>(known_ | bit); }

  uint32_t epoll_events_ = 0;
  uint32_t listener_ = 0;
  uint32_t dead_ = 0;
  uint16_t known_ = 0;
  uint8_t epoll_items_ = 0;
  uint8_t waiters_ = 0;
};
static_assert(sizeof(SocketDetail) == 20);

struct Waiter {
  uint32_t row = 0;
  Tid tid{0};

  auto operator<=>(const Waiter&) const = default;
};

struct SocketDetails {
  std::vector<SocketDetail> rows;  // sorted by row
  std::vector<Waiter> waiters;     // sorted; at most a few for each row
  // What holds for each row that is not in `rows`; rows without anything particular are left out.
  SocketDetail others;
  bool everywhere = false;  // the sockets of all processes were read
  std::map<Pid, std::optional<Missing>>
      // If not everywhere: the processes that were asked. A value of nothing means that their sockets are in
      // `rows`.
      read{};

  SocketDetail of(uint32_t row) const;
  std::span<const Waiter> waiters_of(uint32_t row) const;
};

}  // namespace whywait
