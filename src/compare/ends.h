// The connections between two hosts, each seen from both ends, and who must act.
#pragma once

#include "compare/relation.h"
#include "rules/outcome.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace whywait {

// What the states of the two ends mean together.
enum class PairEvidence : uint8_t {
  Open,        // data can flow both ways
  MustClose,   // one end waits for the other's close()
  OnTheWay,    // the next segment will change it; if it stays, segments are being lost
  Gone,        // one end waits, the other no longer exists
  Unanswered,  // one end has opened, the other does not know the connection
  Over,        // closed in good order; the kernel keeps one end for a while
  NotAtOnce,   // no connection can have these states at one moment
  NotSeen,     // the other dump does not show whether the end exists
};

// One of the two hosts.
enum class End : uint8_t { First, Second };

struct EndPair {
  std::optional<State> first;  // absent if the first host has no such connection
  std::optional<State> second;
  uint16_t service_port = 0;
  End service = End::First;  // the host with that port
  uint64_t count = 0;
  PairEvidence together = PairEvidence::Open;
  std::optional<End> acts;  // the host whose application must act; absent if none must
  Confidence confidence = Confidence::Possible;
  End example_of = End::First;
  uint32_t example = 0;  // a row in the facts of `example_of`
};

struct PairedEnds {
  Relation relation;
  std::vector<EndPair> pairs;  // those on which somebody must act come first, then by number of connections
  uint64_t of_unknown_state = 0;  // pairs of which one state is unknown
};

// `relation` must be Mirrored or Translated.
PairedEnds pair_ends(const Facts& first, const Facts& second, const Relation& relation);

}  // namespace whywait
