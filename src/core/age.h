// How long something has lasted, as an interval, because most sources give bounds rather than one number.
#pragma once

#include <chrono>
#include <optional>

namespace whywait {

using Milliseconds = std::chrono::milliseconds;

struct Age {
  Milliseconds at_least{0};
  std::optional<Milliseconds> at_most;  // absent: no upper bound is known

  bool operator==(const Age&) const = default;
};

}  // namespace whywait
