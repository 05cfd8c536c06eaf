// Folds the evidence of several cases, processes and listeners into that of one finding.
#pragma once

#include "rules/evidence.h"

#include <set>
#include <utility>
#include <vector>

namespace whywait {

class EvidenceFold {
 public:
  // Adds all evidence of one case.
  void add(const std::vector<Evidence>& of_a_case);
  // One piece of evidence for each kind, in the order of first occurrence.
  std::vector<Evidence> take() { return std::move(folded_); }

 private:
  std::vector<Evidence> folded_;
  // The processes and listeners that are counted already.
  std::set<std::pair<EvidenceKind, std::vector<int64_t>>> counted_;
};

}  // namespace whywait
