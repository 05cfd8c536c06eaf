// What a pattern is judged by: its holders, and how its members stand against the patience of the rules.
#pragma once

#include "rules/inquiry.h"
#include "rules/likeness.h"

#include <variant>

namespace whywait {

struct Look {
  Inquiry inquiry;
  Holders holders;
  AgeSplit pile;
};

// Of connections in the hands of a process.
Look look_at(const Case& c, const Facts& facts);

// Of connections that wait for accept(): older than a loop that copes lets them wait, or what else is to be
// said.
std::variant<Outcome, Look> look_at_queue(const Case& c, const Facts& facts);

// What is not a finding: Clear, or CannotTell with what is open.
Outcome open_or_clear(const Likeness& likeness, Look& look);

}  // namespace whywait
