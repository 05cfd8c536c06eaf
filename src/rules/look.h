// The facts from which a pattern is judged.
#pragma once

#include "rules/inquiry.h"
#include "rules/likeness.h"

#include <variant>

namespace whywait {

struct Look {
  Inquiry inquiry;
  Holders holders;
  AgeSplit split;
};

// The look at connections that a process has accepted.
Look look_at(const Case& c, const Facts& facts);

// The first step for connections that wait for accept(): a look at the holders if they are older than a loop
// that copes lets them wait, else the outcome.
std::variant<Outcome, Look> look_at_queue(const Case& c, const Facts& facts);

// The outcome if there is no finding: Clear, or CannotTell with what is open.
Outcome open_or_clear(const Likeness& likeness, Look& look);

}  // namespace whywait
