// Requests over netlink: dumps, and look-ups of one object.
#pragma once

#include "linux/error.h"
#include "linux/fd.h"

#include <cstddef>
#include <functional>
#include <span>

namespace whywait::linux_os {

// Opens a NETLINK_SOCK_DIAG socket in the network namespace of the calling thread.
Result<Fd> open_sock_diag();

enum class DumpEnd : uint8_t {
  Whole,
  Interrupted,  // the table changed during the dump (NLM_F_DUMP_INTR): rows may be missing or repeated
};

// Sends `payload` as a dump request of `type` and passes the payload of each answer to `each`. Does not
// retry.
Result<DumpEnd> dump(int socket, uint16_t type, std::span<const std::byte> payload,
                     const std::function<void(std::span<const std::byte>)>& each);

// Sends `payload` as a request of `type` for one object and passes its payload to `each`. If the object does
// not exist (ENOENT), `each` is not called and the result is a success.
Result<void> get(int socket, uint16_t type, std::span<const std::byte> payload,
                 const std::function<void(std::span<const std::byte>)>& each);

}  // namespace whywait::linux_os
