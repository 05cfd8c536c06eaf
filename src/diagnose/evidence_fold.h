// The evidence of several cases, processes and listeners as that of one finding.
#pragma once

#include "rules/evidence.h"

#include <set>
#include <utility>
#include <vector>

namespace whywait {

class EvidenceFold {
 public:
  // All that is known of one case.
  void add(const std::vector<Evidence>& of_a_case);
  // One of each kind, in the order in which they came first.
  std::vector<Evidence> take() { return std::move(folded_); }

 private:
  std::vector<Evidence> folded_;
  std::set<std::pair<EvidenceKind, std::vector<int64_t>>> counted_;  // of what is named
};

}  // namespace whywait
