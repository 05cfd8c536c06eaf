// The facts of a host on which threads are blocked in recv(), each on its own connection to a server on the
// same host.
#pragma once

#include "core/facts.h"

#include <vector>

namespace whywait::testing {

struct BlockedHost {
  Facts facts;
  std::vector<Pid> clients;
};

// `processes` share the threads; the rows that they wait on are spread over the table.
BlockedHost blocked_host(uint32_t rows, uint32_t threads, uint32_t processes);

}  // namespace whywait::testing
