// Several dumps taken together: which are of one host, what grew there, and what is between the hosts.
#pragma once

#include "compare/ends.h"
#include "compare/series.h"

#include <optional>
#include <string>
#include <vector>

namespace whywait {

struct HostDumps {
  std::string name;              // that no other host here has
  std::vector<Facts> dumps;      // never empty; the earliest first. Their host has this name
  Judgement judgement;           // of the last
  std::optional<Series> series;  // of more than one

  const Facts& last() const { return dumps.back(); }
};

struct BetweenHosts {
  size_t first = 0;  // in `hosts`
  size_t second = 0;
  PairedEnds ends;  // without pairs where they are not related
};

struct Comparison {
  std::vector<HostDumps> hosts;       // in the order in which the first dump of each was given
  std::vector<BetweenHosts> between;  // each two of them
};

// Dumps of one host are a series of which the last is judged, those before telling how long things last and
// how they grow. `interval` is the time from each dump of a host to the next, where their times do not tell.
Comparison compare(std::vector<Facts> dumps, std::optional<Milliseconds> interval, const Collect& collect);

// The worst of the hosts.
Status status(const Comparison& comparison);

}  // namespace whywait
