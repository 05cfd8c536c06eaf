// Whether two sets of facts are the same in every field.
#pragma once

#include "core/facts.h"

#include <string>

namespace whywait::testing {

// A field in which they differ: "process.parent"; empty where there is none. The source is not compared, nor
// what only dumps have.
std::string difference(const Facts& a, const Facts& b);

// All of a judgement, as text: each verdict with its connections, culprits, evidence, chain and what was
// ruled out, and what stays undecided for want of what. Without `names`, less what is or hangs on a name:
// ids, and the order of verdicts of equal rank.
std::string judgement_text(const Facts& facts, bool names = true);

}  // namespace whywait::testing
