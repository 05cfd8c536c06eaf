// Why no descriptor refers to a socket of the table.
#pragma once

#include "core/facts.h"

#include <cstdint>

namespace whywait {

enum class NoHolder : uint8_t {
  NotTold,      // this source does not report holders
  NotAccepted,  // it waits for accept() in a listener's queue
  Handshake,    // SYN_RECEIVED: the kernel has only a connection request so far
  Mini,         // TIME_WAIT, or FIN_WAIT_2 without an owner: the kernel keeps only a mini-socket
  Orphan,       // its process has closed it, and the kernel will end it
  Ring,         // an io_uring has registered it (HolderTable::rings)
  InFlight,     // in transit in a message over a UNIX socket (HolderTable::in_flight)
  Kernel,       // the kernel made it for its own use
  Mptcp,        // a subflow; the descriptor belongs to the MPTCP connection
  Unreadable,   // a process that whywait may not read may hold it
  Outside,      // a process that is not even listed here may hold it
  Unexplained,  // an io_uring, a message in transit or the kernel holds it
};

// `row` must be one for which HolderTable::of() returns nothing.
NoHolder why_no_holder(const Facts& facts, uint32_t row);

}  // namespace whywait
