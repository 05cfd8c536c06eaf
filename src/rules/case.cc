#include "rules/case.h"

#include <algorithm>
#include <limits>

namespace whywait {
namespace {

constexpr int64_t kLongest = std::numeric_limits<uint32_t>::max();  // 49.7 days

uint32_t at_most_the_longest(Milliseconds m) {
  return static_cast<uint32_t>(std::clamp<int64_t>(m.count(), 0, kLongest));
}

}  // namespace

Member::Member(uint32_t row, const Answer<Age>& by_clocks) : index(row) {
  if (!by_clocks) return;
  dating_ = Dating::Clocks;
  at_least_ms_ = at_most_the_longest(by_clocks->at_least);
  // An upper bound must not become a smaller one.
  if (!by_clocks->at_most || by_clocks->at_most->count() > kLongest) return;
  dating_ = Dating::BoundedByClocks;
  at_most_ms_ = at_most_the_longest(*by_clocks->at_most);
}

Answer<Age> Member::age() const {
  Age age{.at_least = Milliseconds(at_least_ms_), .at_most = {}};
  switch (dating_) {
    case Dating::None: return tl::unexpected(Missing::NotOffered);
    case Dating::BoundedByClocks: age.at_most = Milliseconds(at_most_ms_); break;
    case Dating::Look:
    case Dating::Clocks: break;
  }
  return age;
}

void Member::stood_still(Milliseconds after) {
  if (dating_ == Dating::None) dating_ = Dating::Look;
  at_least_ms_ = std::max(at_least_ms_, at_most_the_longest(after));
  at_most_ms_ = std::max(at_most_ms_, at_least_ms_);
}

}  // namespace whywait
