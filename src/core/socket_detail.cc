#include "core/socket_detail.h"

#include <algorithm>

namespace whywait {

void EpollTally::add(const EpollInterest& interest) {
  constexpr uint32_t kFlags = 0xf0000000;  // EPOLLET, EPOLLONESHOT, EPOLLWAKEUP, EPOLLEXCLUSIVE
  ++known;
  if (interest.items == 0) {
    ++unwatched;
  } else if ((interest.events & ~kFlags) == 0) {
    ++disarmed;
  }
  if (!interest.pending) return;
  ++pending_known;
  if (*interest.pending) ++pending;
}

SocketDetail SocketDetails::of(uint32_t row) const {
  const auto it = std::lower_bound(rows.begin(), rows.end(), row,
                                   [](const SocketDetail& d, uint32_t wanted) { return d.row < wanted; });
  auto out = it != rows.end() && it->row == row ? *it : others;
  out.row = row;
  return out;
}

std::span<const Waiter> SocketDetails::waiters_of(uint32_t row) const {
  const auto [from, to] = std::equal_range(waiters.begin(), waiters.end(), Waiter{.row = row},
                                           [](const Waiter& a, const Waiter& b) { return a.row < b.row; });
  return {from, to};
}

}  // namespace whywait
