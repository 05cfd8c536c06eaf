// How many connections there were in each of several dumps of one host, and when what they use up runs out.
#pragma once

#include "core/age.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace whywait {

// Per minute, from the first dump to the last.
struct Rate {
  double mean = 0;
  // If they go on to come and go as they did: so many more or fewer would be no surprise (two standard
  // deviations, of events that come by themselves or of the steps between more than two dumps).
  double low = 0;
  double high = 0;

  bool operator==(const Rate&) const = default;
};

struct Growth {
  // Of each dump, the earliest first; empty where what went cannot be told from what went of others.
  std::vector<uint64_t> counts;
  uint64_t came = 0;  // in the last dump, and not surely in the first
  // In the first, and not surely in the last. More than one number where those of others cannot be told
  // apart.
  uint64_t went_at_least = 0;
  uint64_t went_at_most = 0;
  // In both, and surely the same; absent where nothing tells that they are.
  std::optional<uint64_t> stood;
  std::optional<Milliseconds> window;  // absent where the time between is not known
  std::optional<Rate> rate;            // and so is this

  bool operator==(const Growth&) const = default;
};

// Nothing less than growth explains it.
bool surely_grows(const Growth& growth);

// A process and its limit of descriptors.
struct Exhaustion {
  uint64_t used = 0;
  uint64_t limit = 0;
  // From the last dump; no upper bound where it is beyond what anybody can foresee.
  Milliseconds earliest{0};
  std::optional<Milliseconds> latest;

  bool operator==(const Exhaustion&) const = default;
};

// What became of one finding, or of one group that is undecided, from dump to dump.
struct Trend {
  Growth growth;
  std::optional<Exhaustion> exhausts;  // when its process runs out of descriptors
};
// By the id of the finding or the group; those of which nothing is known are not in it.
using Trends = std::map<std::string, Trend, std::less<>>;

// What is used grows like this. Nothing where it does not surely grow.
std::optional<Exhaustion> forecast(uint64_t used, uint64_t limit, const Growth& growth);

}  // namespace whywait
