#include "core/partners.h"

#include <algorithm>

namespace whywait {
namespace {

template <class T, class Key>
std::span<const T> equal(const std::vector<T>& sorted, Key T::*key, Key wanted) {
  const auto from =
      std::partition_point(sorted.begin(), sorted.end(), [&](const T& t) { return t.*key < wanted; });
  const auto to = std::partition_point(from, sorted.end(), [&](const T& t) { return t.*key == wanted; });
  return {from, to};
}

}  // namespace

std::span<const PipeEnd> Partners::ends_of(uint32_t pipe) const {
  return equal(pipes, &PipeEnd::inode, pipe);
}

std::span<const LockWait> Partners::locks_of(Pid waiter) const {
  return equal(locks, &LockWait::waiter, waiter);
}

uint32_t Partners::peer_of(uint32_t unix_socket) const {
  const auto pairs = equal(unix_pairs, &UnixPair::inode, unix_socket);
  return pairs.empty() ? 0 : pairs.front().peer;
}

}  // namespace whywait
