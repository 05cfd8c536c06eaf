// How long a CLOSE_WAIT may be silent.
#pragma once

#include "rules/patience.h"

namespace whywait {

// For a possible half-close whose peer is not visible: its answer may take long. If no thread works on it and
// nothing is sent, one minute makes a leak possible and five minutes make it likely.
inline constexpr Milliseconds kSilent{60'000};
inline constexpr Milliseconds kLongSilent{300'000};

}  // namespace whywait
