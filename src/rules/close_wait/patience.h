// How long a CLOSE_WAIT may be silent.
#pragma once

#include "rules/patience.h"

namespace whywait {

// A correct half-close with a peer that cannot be seen: its answer may take long. With nobody at work for it
// and nothing sent, one minute makes a leak possible and five make it likely.
inline constexpr Milliseconds kSilent{60'000};
inline constexpr Milliseconds kLongSilent{300'000};

}  // namespace whywait
