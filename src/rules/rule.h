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
bool is_judged(State state);  // true if any rule judges the state

Outcome not_accepted(const Case& c, const Facts& facts);
Outcome not_read(const Case& c, const Facts& facts);
Outcome not_closed(const Case& c, const Facts& facts);
Outcome held_elsewhere(const Case& c, const Facts& facts);
Outcome idle_pool(const Case& c, const Facts& facts);
Outcome half_close(const Case& c, const Facts& facts);
Outcome half_close_fin_wait(const Case& c, const Facts& facts);
Outcome peer_not_closed(const Case& c, const Facts& facts);
Outcome orphan_fin_wait(const Case& c, const Facts& facts);
Outcome relay_waiting(const Case& c, const Facts& facts);
Outcome blocked_writer(const Case& c, const Facts& facts);
Outcome blocked_writer_established(const Case& c, const Facts& facts);
Outcome request_unread(const Case& c, const Facts& facts);
Outcome dead_descriptor(const Case& c, const Facts& facts);

}  // namespace whywait
