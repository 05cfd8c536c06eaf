// Sorting the connections of a host into cases: the joins over the whole table that the rules need.
#pragma once

#include "rules/case.h"

#include <vector>

namespace whywait {

// Cases of every connection in a state that has rules; each connection is in exactly one.
std::vector<Case> make_cases(const Facts& facts);

}  // namespace whywait
