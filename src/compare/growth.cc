#include "compare/growth.h"

#include <algorithm>

namespace whywait {
namespace {

// Beyond that, a forecast from some minutes means nothing.
constexpr double kFarMinutes = 60.0 * 24 * 365;

Milliseconds minutes(double n) { return Milliseconds(static_cast<int64_t>(n * 60'000)); }

}  // namespace

bool surely_grows(const Growth& growth) { return growth.rate && growth.rate->low > 0; }

std::optional<Exhaustion> forecast(uint64_t used, uint64_t limit, const Growth& growth) {
  if (!surely_grows(growth) || limit == 0) return std::nullopt;
  const double left = used < limit ? double(limit - used) : 0;
  const double earliest = left / growth.rate->high;
  const double latest = left / growth.rate->low;
  if (earliest > kFarMinutes) return std::nullopt;
  Exhaustion out{.used = used, .limit = limit, .earliest = minutes(earliest), .latest = {}};
  if (latest <= kFarMinutes) out.latest = minutes(latest);
  return out;
}

}  // namespace whywait
