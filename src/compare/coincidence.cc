#include "compare/coincidence.h"

#include <cmath>

namespace whywait {

bool is_no_accident(uint64_t found, double expected) {
  constexpr double kRare = 0.001;
  constexpr double kMany = 100;
  if (found == 0) return false;
  // There the distribution is near enough to normal; four deviations are rarer than what is asked for.
  if (expected > kMany) return double(found) > expected + 4 * std::sqrt(expected);
  double term = std::exp(-expected);  // of Poisson's distribution: that there is none
  double fewer = 0;
  for (uint64_t n = 0; n < found && fewer < 1 - kRare; ++n) {
    fewer += term;
    term *= expected / double(n + 1);
  }
  return fewer > 1 - kRare;
}

}  // namespace whywait
