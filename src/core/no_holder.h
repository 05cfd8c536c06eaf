// Why no descriptor of any process leads to a socket of the table.
#pragma once

#include "core/facts.h"

#include <cstdint>

namespace whywait {

enum class NoHolder : uint8_t {
  NotTold,      // this source does not tell who holds what
  NotAccepted,  // it waits for accept() in the queue of a listener
  Handshake,    // SYN_RECEIVED: there is no more than a request yet
  Mini,        // TIME_WAIT, or FIN_WAIT_2 without an owner: what the kernel keeps is no whole socket any more
  Orphan,      // closed by its process; the kernel ends it
  Ring,        // an io_uring has registered it (HolderTable::rings)
  InFlight,    // on its way in a message over a UNIX socket (HolderTable::in_flight)
  Kernel,      // made by the kernel for itself
  Mptcp,       // a subflow: the descriptor is that of the connection above it
  Unreadable,  // there are processes that may not be read, and one of them may hold it
  Outside,     // there may be processes that are not even listed here
  Unexplained,  // a ring, a message in flight, or the kernel
};

// Of a row to which HolderTable::of() gives nothing.
NoHolder why_no_holder(const Facts& facts, uint32_t row);

}  // namespace whywait
