// A host on which threads are blocked in recv(), each on a connection of its own to a server on the same
// host.
#pragma once

#include "core/facts.h"

#include <vector>

namespace whywait::testing {

struct BlockedHost {
  Facts facts;
  std::vector<Pid> clients;
};

// The threads are of so many processes; the rows that they wait on are spread over the table.
BlockedHost blocked_host(uint32_t rows, uint32_t threads, uint32_t processes);

}  // namespace whywait::testing
