// All literal worlds that test the rules, by name: each fault, its healthy control, and cases that must stay
// undecided. The property tests go through all of them.
#pragma once

#include "core/cause.h"
#include "core/facts.h"

#include <optional>
#include <string>
#include <vector>

namespace whywait::testing {

struct Expected {
  std::optional<Cause> fault;
  std::optional<Cause> undecided;
  std::optional<Cause> normal;  // the first candidate
  // What is found of the other ends, where they are on this host and judged as well.
  std::optional<Cause> fault_of_peer{};
};

struct NamedWorld {
  std::string name;
  Facts facts;
  Expected expected;
};

const std::vector<NamedWorld>& all_worlds();

}  // namespace whywait::testing
