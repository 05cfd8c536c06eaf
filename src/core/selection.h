// The connections that a command is about.
#pragma once

#include "core/facts.h"

#include <cstdint>
#include <vector>

namespace whywait {

// A connection is selected if it matches every list that is not empty.
struct Selection {
  std::vector<State> states;
  std::vector<uint16_t> ports;  // local or remote
  std::vector<Pid> pids;        // any holder

  bool operator==(const Selection&) const = default;
};

// The selected indices in the table, ordered by state, local end and remote end.
std::vector<uint32_t> matching(const Facts& facts, const Selection& selection);
// The same, ordered by state, local end and remote end.
std::vector<uint32_t> select(const Facts& facts, const Selection& selection);

}  // namespace whywait
