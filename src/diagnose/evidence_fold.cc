#include "diagnose/evidence_fold.h"

#include <algorithm>

namespace whywait {
namespace {

template <class Evidences>
auto find(Evidences& evidence, EvidenceKind kind) {
  return std::find_if(evidence.begin(), evidence.end(), [&](const Evidence& e) { return e.kind == kind; });
}

double share_of_limit(const std::vector<Evidence>& evidence) {
  const auto open = find(evidence, EvidenceKind::DescriptorsOpen);
  const auto limit = find(evidence, EvidenceKind::DescriptorLimit);
  const bool is_known = open != evidence.end() && limit != evidence.end() && limit->value > 0;
  return is_known ? double(open->value) / double(limit->value) : 0;
}

int64_t folded(Fold how, int64_t so_far, int64_t next, bool next_is_nearer) {
  switch (how) {
    case Fold::Sum:
    case Fold::SumOfNamed: return so_far + next;
    case Fold::Least: return std::min(so_far, next);
    case Fold::Greatest: return std::max(so_far, next);
    case Fold::NearestToLimit: return next_is_nearer ? next : so_far;
  }
  return so_far;
}

}  // namespace

void EvidenceFold::add(const std::vector<Evidence>& of_a_case) {
  const bool is_nearer = share_of_limit(of_a_case) > share_of_limit(folded_);
  for (const auto& e : of_a_case) {
    const auto how = traits(e.kind).fold;
    if (how == Fold::SumOfNamed && !counted_.emplace(e.kind, e.of).second) continue;
    const auto mine = find(folded_, e.kind);
    if (mine == folded_.end()) {
      folded_.push_back({e.kind, e.value});
    } else {
      mine->value = folded(how, mine->value, e.value, is_nearer);
    }
  }
}

}  // namespace whywait
