// What the worlds of all causes look like in JSON fits docs/schema/, whose lists of ids are those of the
// code.
#include "core/cause.h"
#include "core/state.h"
#include "diagnose/diagnose.h"
#include "render/ids.h"
#include "render/portrait.h"
#include "render/reasons.h"
#include "render/report.h"
#include "rules/evidence.h"
#include "testing/schemas.h"
#include "testing/worlds.h"

#include <algorithm>
#include <stdexcept>

#include <gmock/gmock.h>

namespace whywait::render {
namespace {

TEST(Schemas, EveryWorldFits) {
  std::vector<std::pair<std::string, std::string>> answers;
  for (const auto& world : whywait::testing::all_worlds()) {
    const auto judgement = judge(world.facts);
    answers.emplace_back(world.name, report_json({.facts = world.facts, .judgement = judgement}));
    for (const auto& target : {Target(Pid{100}), Target(Port{8080})}) {
      const auto portrait = make_portrait(world.facts, judgement, target);
      answers.emplace_back(
          world.name,
          portrait_json({.facts = world.facts, .judgement = judgement, .portrait = portrait, .ways = {}}));
    }
  }
  EXPECT_EQ(whywait::testing::complaints_of_schemas(answers), "");
}

TEST(Schemas, TellWhatDoesNotFit) {
  EXPECT_THAT(whywait::testing::complaints_of_schemas({{"mine", R"({"schema":"whywait.report/2"})"}}),
              ::testing::HasSubstr("mine: report: "));
}

template <class Range, class Id>
std::vector<std::string> ids_of(const Range& all, Id id_of) {
  std::vector<std::string> out;
  for (const auto& one : all) out.emplace_back(id_of(one));
  return out;
}

// Of an enum that nothing lists: from the first on, until there is none of the number.
template <class Enum>
std::vector<std::string> ids_by_number() {
  std::vector<std::string> out;
  try {
    for (uint8_t i = 0; !id(static_cast<Enum>(i)).empty(); ++i) out.emplace_back(id(static_cast<Enum>(i)));
  } catch (const std::out_of_range&) {
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Schemas, IdsAreThoseOfTheCode) {
  auto ids = whywait::testing::ids_of_schemas();
  EXPECT_EQ(ids.at("cause"), ids_of(kAllCauses, [](Cause cause) { return id(cause); }));
  EXPECT_EQ(ids.at("evidence"), ids_of(kEvidence, [](const auto& of) { return of.id; }));
  auto states = ids_of(kAllStates, [](State state) { return name(state); });
  states.emplace_back(name(State::Unknown));
  EXPECT_EQ(ids.at("state"), states);
  for (auto& [name, list] : ids) std::sort(list.begin(), list.end());
  EXPECT_EQ(ids.at("severity"), ids_by_number<Severity>());
  EXPECT_EQ(ids.at("confidence"), ids_by_number<Confidence>());
  EXPECT_EQ(ids.at("status"), ids_by_number<Status>());
  EXPECT_EQ(ids.at("actor"), ids_by_number<Actor>());
  EXPECT_EQ(ids.at("block"), ids_by_number<Block>());
  EXPECT_EQ(ids.at("reason"), ids_by_number<ClearReason>());
  EXPECT_EQ(ids.at("side"), ids_by_number<Side>());
}

}  // namespace
}  // namespace whywait::render
