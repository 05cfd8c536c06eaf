// Compares several dumps: which of them are of one host, what grew there, and which connections lead between
// hosts.
#pragma once

#include "compare/ends.h"
#include "compare/series.h"

#include <optional>
#include <string>
#include <vector>

namespace whywait {

struct HostDumps {
  std::string name;              // unique among the hosts
  std::vector<Facts> dumps;      // never empty, earliest first; Facts::host is `name`
  Judgement judgement;           // of the last dump
  std::optional<Series> series;  // set for more than one dump

  const Facts& last() const { return dumps.back(); }
};

struct BetweenHosts {
  size_t first = 0;  // index in `hosts`
  size_t second = 0;
  PairedEnds ends;  // without pairs if the hosts are unrelated
};

struct Comparison {
  std::vector<HostDumps> hosts;       // in the order of each host's first dump on the command line
  std::vector<BetweenHosts> between;  // one entry for each two hosts
};

// Dumps of one host form a series: the last is judged, and the earlier ones show how long things last and how
// they grow. `interval` is the time between consecutive dumps of a host, if their own times do not give it.
Comparison compare(std::vector<Facts> dumps, std::optional<Milliseconds> interval, const Collect& collect);

// The worst status of any host.
Status status(const Comparison& comparison);

}  // namespace whywait
