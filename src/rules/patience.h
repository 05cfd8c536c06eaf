// When a connection has waited long enough for a fault. What one family alone waits for is in its own folder.
//
// Every busy server has a few in CLOSE_WAIT that are young: the peer has closed, and the application will
// read that in its next turn. The count says little (a pile of a thousand can be one second's work of a
// proxy), so the first question is always how long the connections have been left alone. Ages are taken at
// their lower bound for a finding, at their upper bound for an acquittal; in between nothing is said.
#pragma once

#include "core/age.h"

namespace whywait {

// For a process that cannot run, which will not read however long one waits. The facts show only that it did
// not run between the looks, not since when, so this is the age of its connections: a time that clients do
// not wait even during a checkpoint or the migration of a container.
inline constexpr Milliseconds kCannotRun{2'000};

// For the accept queue. Every event loop serves it first, so five seconds exceed any turn of a server that
// copes.
inline constexpr Milliseconds kInQueue{5'000};

// For an accepted connection, which may have to wait behind a slow request. A worker that copes comes back
// within seconds.
inline constexpr Milliseconds kInHand{10'000};

// Longer than any look, unless the user requests a longer one.
inline constexpr Milliseconds kStill{1'000};

}  // namespace whywait
