// The facts of every scenario of the lab, read live: names, ports and numbers change no verdict of them
// either.
#include "diagnose/diagnose.h"
#include "lab/lab.h"
#include "sources/live/live.h"
#include "testing/changes.h"
#include "testing/packed.h"
#include "testing/same_facts.h"

#include <algorithm>
#include <future>
#include <thread>
#include <vector>

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

TEST(LabFacts, NamesPortsAndNumbersChangeNoVerdict) {
  using Played = tl::expected<int, std::string>;
  std::vector<std::pair<Cause, std::future<Played>>> running;
  for (const auto& s : lab::all_scenarios()) {
    running.emplace_back(s.cause, std::async(std::launch::async, [s] {
                           return play(s, lab::Variant::Fault,
                                       [&](const lab::Scene&) { return judge_changed(s); });
                         }));
  }
  for (auto& [cause, played] : running) {
    const auto status = played.get();
    if (!status && status.error().find("namespace") != std::string::npos) GTEST_SKIP() << status.error();
    ASSERT_TRUE(status) << id(cause) << ": " << status.error();
    // A descriptor of a dead connection is seen with BPF only.
    if (cause == Cause::DeadDescriptor && *status == kNothingFound) continue;
    EXPECT_EQ(*status, kAllTheSame) << id(cause);
  }
}

}  // namespace
}  // namespace whywait::testing
