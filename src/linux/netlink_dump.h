// Questions over netlink: dumps, and look-ups of one thing.
#pragma once

#include "linux/error.h"
#include "linux/fd.h"

#include <cstddef>
#include <functional>
#include <span>

namespace whywait::linux_os {

// A NETLINK_SOCK_DIAG socket of the namespace that the calling thread is in.
Result<Fd> open_sock_diag();

enum class Dump : uint8_t {
  Whole,
  Interrupted,  // the table changed while the kernel walked it (NLM_F_DUMP_INTR): rows may be missing or
                // twice
};

// Sends `payload` as a dump request of `type` and hands the payload of each answer to `each`. Once, without
// trying again.
Result<Dump> dump(int socket, uint16_t type, std::span<const std::byte> payload,
                  const std::function<void(std::span<const std::byte>)>& each);

// Sends `payload` as a request of `type` for one thing and hands its payload to `each`, which is not called
// where there is no such thing (ENOENT).
Result<void> get(int socket, uint16_t type, std::span<const std::byte> payload,
                 const std::function<void(std::span<const std::byte>)>& each);

}  // namespace whywait::linux_os
