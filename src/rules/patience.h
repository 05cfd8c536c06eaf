// When a connection has waited long enough for a fault. What one family alone waits for is in its own folder.
//
// Every busy server has a few in CLOSE_WAIT that are young: the peer has closed, and the application will
// read that in its next turn. The count says little (a pile of a thousand can be one second's work of a
// proxy), so the first question is always how long the connections have been left alone. Ages are taken at
// their lower bound for a finding, at their upper bound for an acquittal; in between nothing is said.
#pragma once

#include "core/age.h"

namespace whywait {

// A process that cannot run will not read, however long one waits. For how long it has not run is not known,
// only that it did not between the looks; so this is the age of its connections, at which even a checkpoint
// or the move of a container has made a client wait.
inline constexpr Milliseconds kCannotRun{2'000};

// The accept queue is served first by every loop, so five seconds in it is longer than any turn of a server
// that copes.
inline constexpr Milliseconds kInQueue{5'000};

// An accepted connection may wait for its turn behind a slow request; a worker that copes comes back within
// seconds.
inline constexpr Milliseconds kInHand{10'000};

// As long as any look takes that nobody asks to be longer.
inline constexpr Milliseconds kStill{1'000};

}  // namespace whywait
