// Changes of facts on which no verdict may depend: names, port numbers, counts, and whether the facts were
// saved.
#pragma once

#include "core/facts.h"

#include <functional>
#include <set>
#include <span>
#include <string>

namespace whywait::testing {

struct Change {
  std::string what;
  std::function<Facts(const Facts&)> make;
};

// Rename every process, shift every port, double every count, save and read again, redact.
std::span<const Change> all_changes();

// The cause, state and confidence of each verdict, and the candidates of each undecided case. Severity is
// left out, because it may grow with the counts.
std::multiset<std::string> verdicts(const Facts& facts);

}  // namespace whywait::testing
