// Who is at the other end of what is no connection of TCP: pipes, UNIX sockets, file locks.
#pragma once

#include "core/process.h"

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace whywait {

struct PipeEnd {
  uint32_t inode = 0;
  Pid pid{0};
  bool reads = false;
  bool writes = false;

  auto operator<=>(const PipeEnd&) const = default;  // NOLINT(*-implicit-bool-conversion): its bools
};

struct UnixPair {
  uint32_t inode = 0;
  uint32_t peer = 0;  // inode of the socket at the other end

  auto operator<=>(const UnixPair&) const = default;
};

// Of /proc/locks: who waits behind a lock, and who has it. An OFD lock has no owner (pid -1) and is left out.
struct LockWait {
  Pid waiter{0};
  Pid owner{0};

  auto operator<=>(const LockWait&) const = default;
};

struct Partners {
  std::vector<PipeEnd> pipes;        // of every process that may be read; sorted
  std::vector<UnixPair> unix_pairs;  // connected ones of the network namespaces that were read; sorted
  std::vector<LockWait> locks;       // sorted

  std::span<const PipeEnd> ends_of(uint32_t pipe) const;
  std::span<const LockWait> locks_of(Pid waiter) const;
  uint32_t peer_of(uint32_t unix_socket) const;  // 0: none known
};

}  // namespace whywait
