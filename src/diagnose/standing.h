// What stood through from one dump of a host to the next: rows with the same two ends in the same state.
#pragma once

#include "core/facts.h"

#include <cstdint>
#include <vector>

namespace whywait {

struct Standing {
  // By row of the one table, the row of the other that is the same, or kNoRow. Rows that listen, or of which
  // no state is told, are none.
  std::vector<uint32_t> earlier_of;
  std::vector<uint32_t> later_of;
};

// A connection that was closed and another that was opened between the same ports cannot be told from one
// that stood through, but by their cookies.
Standing standing(const Facts& earlier, const Facts& later);

// Tells the later table how old those are at least that stood through for so long: as old as they were, and
// as much more. Only in states that a connection passes through once, and where so many standing at the same
// ports by accident would be rare.
void date(const Facts& earlier, Facts& later, const Standing& standing, Milliseconds between);

// The system was started anew in between, so that nothing stood through.
bool has_restarted(const Facts& earlier, const Facts& later, std::optional<Milliseconds> between);

}  // namespace whywait
