// The registry of rules: which cause is possible in which state, and the pure function that judges it.
#pragma once

#include "core/cause.h"
#include "core/state.h"
#include "rules/case.h"
#include "rules/outcome.h"

#include <span>

namespace whywait {

struct Rule {
  State state;
  Cause cause;
  Outcome (*judge)(const Case&, const Facts&);
};

std::span<const Rule> all_rules();

Outcome not_accepted(const Case& c, const Facts& facts);
Outcome not_read(const Case& c, const Facts& facts);
Outcome not_closed(const Case& c, const Facts& facts);

}  // namespace whywait
