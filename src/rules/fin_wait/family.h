// FIN_WAIT_2: this side has sent its FIN, the peer has acknowledged it and has not sent its own.
#pragma once

#include "rules/inquiry.h"
#include "rules/patience.h"

#include <optional>

namespace whywait {

// How long a peer on another host may keep a held FIN_WAIT_2 waiting. A server that has sent its answer and
// its FIN expects no more than the client's FIN: web servers wait up to 30 s for it (Apache's lingering
// close, nginx's lingering_time).
inline constexpr Milliseconds kLingering{31'000};
// A client that half-closes expects its answer, which may take minutes.
inline constexpr Milliseconds kAwaited{300'000};

// Whether the process here has left data of the peer unread; nothing if the source does not show it.
std::optional<bool> has_unread_answer(const Case& c);

// The outcome for the rules of connections that a process still holds, if the owner or the age decides.
std::optional<Outcome> decided_by_owner(const Case& c);

// By the side that is here.
Milliseconds patience_of(const Case& c);

// True if each has surely been in the state, and without new data from the peer, for longer than this.
bool is_silent_for(const Case& c, Milliseconds than, const Facts& facts);

}  // namespace whywait
