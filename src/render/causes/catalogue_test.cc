// The catalogue against the registry of rules.
#include "render/causes/catalogue.h"

#include "rules/rule.h"

#include <algorithm>

#include <gmock/gmock.h>

namespace whywait::render {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

bool has_rule(Cause cause) {
  const auto rules = all_rules();
  return std::any_of(rules.begin(), rules.end(), [&](const Rule& r) { return r.cause == cause; });
}

TEST(Catalogue, HasAnEntryForEachCause) {
  for (const auto cause : kAllCauses) {
    const auto& entry = of(cause);
    EXPECT_EQ(entry.cause, cause);
    EXPECT_THAT(entry.in_short, Not(IsEmpty())) << id(cause);
    for (const auto words : {entry.what, entry.whose_move, entry.told_by, entry.cure}) {
      EXPECT_THAT(words, Not(IsEmpty())) << id(cause);
    }
  }
}

TEST(Catalogue, SaysOfWhatIsJudgedWhatIsSeenAndLeavesItsStatesToTheRegistry) {
  for (const auto cause : kAllCauses) {
    const auto& entry = of(cause);
    EXPECT_EQ(entry.states.empty(), has_rule(cause)) << id(cause);
    if (!has_rule(cause)) continue;
    EXPECT_NE(entry.why, nullptr) << id(cause);
    EXPECT_THAT(entry.omission, Not(IsEmpty())) << id(cause);
  }
}

TEST(Catalogue, TellsARivalFromTheCauseLiveAndInADump) {
  for (const auto cause : kAllCauses) {
    const auto& entry = of(cause);
    EXPECT_EQ(entry.live.why.empty(), entry.in_dump.why.empty()) << id(cause);
    EXPECT_EQ(entry.live.why.empty(), entry.live.how_to_exclude == nullptr) << id(cause);
    EXPECT_EQ(entry.in_dump.why.empty(), entry.in_dump.how_to_exclude == nullptr) << id(cause);
  }
}

}  // namespace
}  // namespace whywait::render
