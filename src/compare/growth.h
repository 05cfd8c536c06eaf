// How the number of connections grows over several dumps of one host, and when they exhaust a limit.
#pragma once

#include "core/age.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace whywait {

// Change per minute from the first dump to the last.
struct Rate {
  double mean = 0;
  // Bounds of two standard deviations that chance leaves if connections keep coming and going as they did.
  // Estimated from independent events, or from the steps between more than two dumps.
  double low = 0;
  double high = 0;

  bool operator==(const Rate&) const = default;
};

struct Growth {
  // One count for each dump, earliest first; empty if connections that went cannot be told from others.
  std::vector<uint64_t> counts;
  uint64_t came = 0;  // in the last dump and not surely in the first
  // In the first dump and not surely in the last. The bounds differ if some cannot be told from others.
  uint64_t went_at_least = 0;
  uint64_t went_at_most = 0;
  // In both dumps and surely the same connection; absent if nothing identifies them.
  std::optional<uint64_t> stood;
  std::optional<Milliseconds> window;  // absent if the time between the dumps is unknown
  std::optional<Rate> rate;            // absent likewise

  bool operator==(const Growth&) const = default;
};

// True if chance does not explain the increase.
bool surely_grows(const Growth& growth);

// When a process reaches its limit of descriptors.
struct Exhaustion {
  uint64_t used = 0;
  uint64_t limit = 0;
  // Time from the last dump. There is no upper bound if it lies too far ahead to be foreseen.
  Milliseconds earliest{0};
  std::optional<Milliseconds> latest;

  bool operator==(const Exhaustion&) const = default;
};

// The growth of one finding, or of one undecided group, from dump to dump.
struct Trend {
  Growth growth;
  std::optional<Exhaustion> exhausts;  // when its process runs out of descriptors
};
// Growth by the id of the finding or group; those without growth data are absent.
using Trends = std::map<std::string, Trend, std::less<>>;

// Extrapolates `growth`. Nothing unless it surely grows.
std::optional<Exhaustion> forecast(uint64_t used, uint64_t limit, const Growth& growth);

}  // namespace whywait
