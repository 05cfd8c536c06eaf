// Which connections a command is about.
#pragma once

#include "core/facts.h"

#include <cstdint>
#include <vector>

namespace whywait {

// Each list that is not empty must have a match; an empty one matches everything.
struct Selection {
  std::vector<State> states;
  std::vector<uint16_t> ports;  // of either end
  std::vector<Pid> pids;        // holders

  bool operator==(const Selection&) const = default;
};

// Indices in the table, in its order.
std::vector<uint32_t> matching(const Facts& facts, const Selection& selection);
// The same, ordered by state, local end and remote end.
std::vector<uint32_t> select(const Facts& facts, const Selection& selection);

}  // namespace whywait
