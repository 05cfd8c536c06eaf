// The facts of every scenario of the lab, read live: names, ports and numbers change no verdict of them
// either.
#include "diagnose/diagnose.h"
#include "lab/lab.h"
#include "sources/live/live.h"
#include "testing/changes.h"
#include "testing/lab_look.h"
#include "testing/packed.h"
#include "testing/same_facts.h"

#include <thread>

#include <gmock/gmock.h>

namespace whywait::testing {
namespace {

enum Outcome : int { kAllTheSame = 0, kNothingFound = 1, kNotAsItWasSaved = 2, kFirstChange = 3 };

// Runs in a process of its own, inside the namespace.
int judge_changed(const lab::Scenario& s) {
  std::this_thread::sleep_for(s.ripens);
  live::Live source({.own_namespace_only = true});
  auto facts = source.begin();
  diagnose(facts, [&](std::span<const Need> needs, Facts& f) { source.answer(needs, f); });
  const auto before = verdicts(facts);
  if (before.empty()) return kNothingFound;
  const auto back = read_again(facts);
  if (!back || !difference(facts, *back).empty() || judgement_text(facts) != judgement_text(*back)) {
    return kNotAsItWasSaved;
  }
  int outcome = kFirstChange;
  for (const auto& change : all_changes()) {
    if (verdicts(change.make(facts)) != before) return outcome;
    ++outcome;
  }
  return kAllTheSame;
}

class LabFacts : public lab::ScenarioTest {};
INSTANTIATE_TEST_SUITE_P(Lab, LabFacts, ::testing::ValuesIn(lab::all_scenarios()), lab::name_of_scenario);

TEST_P(LabFacts, KeepTheirVerdictUnderOtherNamesPortsAndNumbers) {
  const lab::Scenario& s = GetParam();
  const auto outcome = play(s, lab::Variant::Fault, [&](const lab::Scene&) { return judge_changed(s); });
  ASSERT_TRUE(outcome) << outcome.error();
  // A descriptor of a dead connection is seen with BPF only.
  if (s.cause == Cause::DeadDescriptor && *outcome == kNothingFound) return;
  EXPECT_EQ(*outcome, kAllTheSame);
}

}  // namespace
}  // namespace whywait::testing
