// Which states the two ends of one connection can be in at the same moment. A walk over the table of
// transitions finds them.
//
// The walk models two ends and two channels, each of which keeps the order of segments and may lose any of
// them. Ends retransmit, abort, time out and may vanish (power cut). Data has no sequence numbers and windows
// are always open. An end that was CLOSED does not open again: a new connection on the same ports is out of
// scope. Both ends may do all that RFC 9293 or Linux does, so a pair that is not reachable is impossible
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
  // Pairs that can last for ever: no segment is in flight, nothing is left to retransmit, and no timer runs
  // unless the application asked for it. Pairs in which neither end is synchronized are left out.
  Pairs stable;
};

// `in_flight` is how many segments each channel has room for, at most 5. With 1 the walk finds every pair.
Walk walk(size_t in_flight);

// These use one walk, made at first use in about two milliseconds.
bool is_reachable(State local, State remote);
bool is_stable(State local, State remote);
std::vector<State> others_of(State local);  // every state that the other end can be in

// Which side's close() ends a stable pair. Nobody: only an abort, keep-alive or the orphan timer ends it.
enum class EndedBy : uint8_t { Local, Remote, Either, Nobody };
std::string_view id(EndedBy who);
std::optional<EndedBy> ended_by(State local, State remote);  // nothing if the pair is not stable

}  // namespace whywait
