// Whether two sets of facts are the same in every field.
#pragma once

#include "core/facts.h"

#include <string>

namespace whywait::testing {

// The path of a field in which they differ, such as "process.parent"; empty if they do not. Does not compare
// the source, or fields that only dumps have.
std::string difference(const Facts& a, const Facts& b);

// A complete judgement as text: each verdict with its connections, culprits, evidence, chain and what it
// rules out, and the undecided cases with the facts that they lack. Without `names`, leaves out what depends
// on a name: ids, and the order of verdicts of equal rank.
std::string judgement_text(const Facts& facts, bool names = true);

}  // namespace whywait::testing
