// What a verdict must not hang on: names, numbers of ports, how many times all of it is there, and whether it
// was in a file meanwhile.
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

// Every process renamed, every port shifted, every count doubled; saved and read again; redacted.
std::span<const Change> all_changes();

// Cause, state and confidence of each verdict, and the candidates of what is undecided. A severity may grow
// with the number.
std::multiset<std::string> verdicts(const Facts& facts);

}  // namespace whywait::testing
