// Which processes have the other ends of pipes and UNIX sockets, and which hold file locks that others wait
// for.
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

// From /proc/locks: a process that waits for a lock, and the one that holds it. OFD locks have no owner (pid
// -1) and are left out.
struct LockWait {
  Pid waiter{0};
  Pid owner{0};

  auto operator<=>(const LockWait&) const = default;
};

struct Partners {
  std::vector<PipeEnd> pipes;        // of every readable process; sorted
  std::vector<UnixPair> unix_pairs;  // connected sockets of the network namespaces that were read; sorted
  std::vector<LockWait> locks;       // sorted

  std::span<const PipeEnd> ends_of(uint32_t pipe) const;
  std::span<const LockWait> locks_of(Pid waiter) const;
  uint32_t peer_of(uint32_t unix_socket) const;  // 0 if none is known
};

}  // namespace whywait
