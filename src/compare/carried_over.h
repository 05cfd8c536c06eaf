// Which connections stood through from one dump of a host to the next: rows with the same ends in the same
// state.
#pragma once

#include "core/facts.h"

#include <cstdint>
#include <vector>

namespace whywait {

struct CarriedOver {
  // By row of one dump, the same row of the other, or kNoRow. Listeners and rows of unknown state are left
  // out.
  std::vector<uint32_t> earlier_of;
  std::vector<uint32_t> later_of;
  // By row of the later dump: whether it is surely the same connection, not another between the same ports.
  // The same cookie proves it; without cookies, a state that a connection passes through once, if so many
  // coincidences of ports would be rare.
  std::vector<bool> is_sure;
};

CarriedOver carried_over(const Facts& earlier, const Facts& later);

// The result if nothing stood through.
CarriedOver none_carried_over(const Facts& earlier, const Facts& later);

// True for a state that a connection passes through only once: if it is in it for long, it has not moved.
bool is_passed_once(State state);

// Sets lower bounds of age in the later table for connections that surely stood through, in a state that is
// passed once: their earlier age and the time between the dumps.
void date(const Facts& earlier, Facts& later, const CarriedOver& carried, Milliseconds between);

// True if the system restarted between the dumps, so that nothing stood through.
bool has_restarted(const Facts& earlier, const Facts& later, std::optional<Milliseconds> between);

}  // namespace whywait
