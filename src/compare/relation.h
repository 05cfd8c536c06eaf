// What two dumps have to do with each other: of one host, of the two hosts between which connections are, or
// neither. Recognised by addresses and ports, since few dumps name their host.
#pragma once

#include "core/facts.h"

#include <cstdint>

namespace whywait {

enum class Kinship : uint8_t {
  SameHost,
  Mirrored,    // the local ends of the one are remote ends of the other
  Translated,  // their ports mirror, their addresses do not: an address translation lies between
  Unrelated,   // as far as can be seen
};

// What it is known by.
enum class RecognisedBy : uint8_t {
  BootId,
  LocalAddresses,   // `count` of `of` rows of the second have a local address of the first
  SameConnections,  // `count` connections of the loopback are in both
  MirroredEnds,     // `count` connections of the first are in the second, from the other end
  FacingAddresses,  // `count` rows lead to an address of the other, which has none of them
  MirroredPorts,    // `count` pairs of ports
  Redacted,         // nothing can be: other names stand for the addresses of one
  Nothing,
};

struct Relation {
  Kinship kinship = Kinship::Unrelated;
  RecognisedBy token = RecognisedBy::Nothing;
  uint64_t count = 0;
  uint64_t of = 0;

  bool operator==(const Relation&) const = default;
};

Relation relate(const Facts& first, const Facts& second);

// It may have its other end on another host, and its addresses say where.
bool may_lead_elsewhere(const Connection& c);

}  // namespace whywait
