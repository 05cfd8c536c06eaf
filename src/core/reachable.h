// Which states the two ends of one connection can be in at the same moment, found by walking the table of
// transitions.
//
// The walk knows two ends and two channels that keep their order and may lose every segment. Ends retransmit,
// abort, time out, and may vanish without a word (power cut). Data has no numbers, and windows are always
// open; an end that has been CLOSED does not open again: a new connection on the same ports is out of scope.
// All of RFC 9293 and of Linux is allowed to both ends, so that a pair that is not reachable is impossible
// between any two of them.
#pragma once

#include "core/state.h"

#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

namespace whywait {

struct Pair {
  State local;
  State remote;
  bool operator==(const Pair&) const = default;
};

class Pairs {
 public:
  void insert(Pair pair) { bits_.set(index(pair)); }
  bool contains(Pair pair) const { return bits_.test(index(pair)); }
  bool operator==(const Pairs&) const = default;

 private:
  static size_t index(Pair pair) {
    return static_cast<size_t>(pair.local) * kAllStates.size() + static_cast<size_t>(pair.remote);
  }
  std::bitset<kAllStates.size() * kAllStates.size()> bits_;
};

struct Walk {
  Pairs reachable;
  // Nothing is in flight, nothing is left to be repeated, and no timer runs that nobody asked for: this can
  // last for ever. Pairs of which neither end is synchronized are left out.
  Pairs stable;
};

// With room for so many segments in each channel, at most 5. One is enough to find all.
Walk walk(size_t in_flight);

// Of a walk that is made once, in about two milliseconds.
bool is_reachable(State local, State remote);
bool is_stable(State local, State remote);
std::vector<State> others_of(State local);  // all that the other end can be in

// Whose close() ends a stable pair. Nobody's: only an abort, keep-alive or the orphan timer does.
enum class EndedBy : uint8_t { Local, Remote, Either, Nobody };
std::string_view id(EndedBy who);
std::optional<EndedBy> ended_by(State local, State remote);  // nothing of a pair that is not stable

}  // namespace whywait
