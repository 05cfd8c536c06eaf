// Which connections stood through from one dump of a host to the next: rows with the same two ends in the
// same state.
#pragma once

#include "core/facts.h"

#include <cstdint>
#include <vector>

namespace whywait {

struct CarriedOver {
  // By row of the one table, the row of the other that is the same, or kNoRow. Rows that listen, or of which
  // no state is told, are none.
  std::vector<uint32_t> earlier_of;
  std::vector<uint32_t> later_of;
  // By row of the later: it is surely the same connection, and not another between the same ports. One cookie
  // tells that; else a state that a connection passes through once, where so many at the same ports would be
  // a rare accident.
  std::vector<bool> is_sure;
};

CarriedOver carried_over(const Facts& earlier, const Facts& later);

// Where nothing stood through.
CarriedOver none_carried_over(const Facts& earlier, const Facts& later);

// A connection passes through the state once, and ends: one that is in it for long has not moved.
bool is_passed_once(State state);

// Tells the later table how old those are at least that surely stood through for so long, in a state that is
// passed once: as old as they were, and as much more.
void date(const Facts& earlier, Facts& later, const CarriedOver& carried, Milliseconds between);

// The system was started anew in between, so that nothing stood through.
bool has_restarted(const Facts& earlier, const Facts& later, std::optional<Milliseconds> between);

}  // namespace whywait
