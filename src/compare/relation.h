// How two dumps are related: they are of one host, of two hosts with connections between them, or neither.
// Addresses and ports decide, because few dumps name their host.
#pragma once

#include "core/facts.h"

#include <cstdint>

namespace whywait {

enum class Kinship : uint8_t {
  SameHost,
  Mirrored,    // local ends of one are remote ends of the other
  Translated,  // their ports mirror but their addresses do not: an address translation is between them
  Unrelated,   // as far as the dumps show
};

// The evidence for a relation.
enum class RecognisedBy : uint8_t {
  BootId,
  LocalAddresses,   // `count` of `of` rows of the second dump have a local address of the first
  SameConnections,  // `count` loopback connections are in both
  MirroredEnds,     // `count` connections of the first dump are in the second, from the other end
  FacingAddresses,  // `count` rows lead to an address of the other dump, which has none of them
  MirroredPorts,    // `count` pairs of ports mirror
  Redacted,         // nothing can be recognised: one dump is redacted
  Nothing,
};

struct Relation {
  Kinship kinship = Kinship::Unrelated;
  RecognisedBy recognised_by = RecognisedBy::Nothing;
  uint64_t count = 0;
  uint64_t of = 0;

  bool operator==(const Relation&) const = default;
};

Relation relate(const Facts& first, const Facts& second);

// True if the other end may be on another host and the addresses say where.
bool may_lead_elsewhere(const Connection& c);

}  // namespace whywait
