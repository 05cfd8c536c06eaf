// The connections between two hosts, each seen from both ends: who must act.
#pragma once

#include "compare/relation.h"
#include "rules/outcome.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace whywait {

// What the states of the two ends come to.
enum class PairEvidence : uint8_t {
  Open,        // both ways
  MustClose,   // the one waits for the other's close()
  OnTheWay,    // a segment brings it on; what stays so loses segments
  Gone,        // one end waits, the other is not there any more
  Unanswered,  // one end has begun, the other has nothing of it
  Over,        // closed in good order; the kernel keeps the one end for a while
  NotAtOnce,   // no two ends can be in these states at one moment
  NotSeen,     // the other dump does not show whether it is there
};

// One of the two hosts.
enum class End : uint8_t { First, Second };

struct EndPair {
  std::optional<State> first;  // absent: the first host has no such connection
  std::optional<State> second;
  uint16_t service_port = 0;
  End service = End::First;  // the host that has the port
  uint64_t count = 0;
  PairEvidence together = PairEvidence::Open;
  std::optional<End> acts;  // whose application must; nobody's where absent
  Confidence confidence = Confidence::Possible;
  End example_of = End::First;
  uint32_t example = 0;  // a row of it
};

struct PairedEnds {
  Relation relation;
  std::vector<EndPair> pairs;  // those that need somebody to act first; most connections first
  uint64_t untold = 0;         // pairs of which one state is not told
};

// Of two hosts that have to do with each other: Mirrored or Translated.
PairedEnds pair_ends(const Facts& first, const Facts& second, const Relation& relation);

}  // namespace whywait
