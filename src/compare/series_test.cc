#include "compare/series.h"

#include "testing/dump.h"

#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::compared;
using testing::DumpBuilder;
using testing::growth_of;
using testing::server;
using testing::trend_of;
using namespace std::chrono_literals;

TEST(Series, WhatStoodThroughIsAtLeastAsOldAsTheTimeBetween) {
  const auto c = compared({server("a", 0s, 800).facts(), server("b", 10min, 1200).facts()});
  ASSERT_EQ(c.hosts.size(), 1U);
  const auto& last = c.hosts[0].last();
  EXPECT_EQ(last.table.reported_ages.size(), 800U);
  EXPECT_EQ(last.table.reported_ages.at(1), (Age{.at_least = 10min, .at_most = {}}));
}

TEST(Series, WhatIsNewHasNoAge) {
  const auto c = compared({server("a", 0s, 1).facts(), server("b", 10min, 2).facts()});
  EXPECT_FALSE(c.hosts[0].last().table.reported_ages.contains(2));
}

TEST(Series, DumpsMayComeInAnyOrder) {
  const auto c = compared({server("b", 10min, 1200).facts(), server("a", 0s, 800).facts()});
  EXPECT_EQ(c.hosts[0].last().file, "b");
  EXPECT_EQ(growth_of(c, State::CloseWait)->growth.counts, (std::vector<uint64_t>{800, 1200}));
}

TEST(Series, AnotherStateIsNoStanding) {
  auto before = DumpBuilder("a").rows(State::Established, "10.0.0.1:8443", "10.0.0.9:40000").facts();
  auto after = DumpBuilder("b", 10min).rows(State::CloseWait, "10.0.0.1:8443", "10.0.0.9:40000").facts();
  EXPECT_TRUE(compared({before, after}).hosts[0].last().table.reported_ages.empty());
}

TEST(Series, EstablishedMayBeAnotherConnectionBetweenTheSamePorts) {
  auto before = DumpBuilder("a").rows(State::Established, "10.0.0.1:8443", "10.0.0.9:40000").facts();
  auto after = DumpBuilder("b", 10min).rows(State::Established, "10.0.0.1:8443", "10.0.0.9:40000").facts();
  const auto c = compared({before, after});
  EXPECT_TRUE(c.hosts[0].last().table.reported_ages.empty());
  EXPECT_FALSE(growth_of(c, State::Established)->growth.stood);
}

// One proxy, a hundred short CLOSE_WAITs at any moment: that two have the same port is an accident.
TEST(Series, AFewAtTheSamePortsAmongManyAreAnAccident) {
  auto before = server("a", 0s, 100).facts();
  auto after = DumpBuilder("b", 10min)
                   .listens("0.0.0.0:8443")
                   .rows(State::CloseWait, "10.0.0.1:8443", "10.0.0.9:0", 100, 40097)
                   .facts();
  const auto c = compared({before, after});
  EXPECT_EQ(growth_of(c, State::CloseWait)->growth.stood, 0U);
  EXPECT_TRUE(c.hosts[0].last().table.reported_ages.empty());
}

TEST(Series, FixedPortsAtBothEndsAreAlwaysTheSame) {
  auto before = DumpBuilder("a").rows(State::CloseWait, "10.0.0.1:5060", "10.0.0.9:5060").facts();
  auto after = DumpBuilder("b", 10min).rows(State::CloseWait, "10.0.0.1:5060", "10.0.0.9:5060").facts();
  EXPECT_TRUE(compared({before, after}).hosts[0].last().table.reported_ages.empty());
}

TEST(Series, ACookieTellsConnectionsApart) {
  const auto with_cookie = [](const DumpBuilder& d, uint64_t cookie) {
    auto facts = d.facts();
    for (auto& c : facts.table.connections) c.set_cookie(cookie);
    return facts;
  };
  const auto a = with_cookie(server("a", 0s, 1), 7);
  EXPECT_TRUE(
      compared({a, with_cookie(server("b", 10min, 1), 8)}).hosts[0].last().table.reported_ages.empty());
  EXPECT_EQ(compared({a, with_cookie(server("b", 10min, 1), 7)}).hosts[0].last().table.reported_ages.size(),
            1U);
}

TEST(Series, AgesOfManyDumpsAddUp) {
  const auto c =
      compared({server("a", 0s, 5).facts(), server("b", 10min, 5).facts(), server("c", 25min, 5).facts()});
  EXPECT_EQ(c.hosts[0].last().table.reported_ages.at(1).at_least, 25min);
}

TEST(Series, WhatTheSourceSaysIsYoungerIsAnotherConnection) {
  auto after = server("b", 10min, 1);
  after.edit().table.reported_ages[1] = {.at_least = 5s, .at_most = 6s};
  const auto c = compared({server("a", 0s, 1).facts(), after.facts()});
  EXPECT_EQ(c.hosts[0].last().table.reported_ages.at(1), (Age{.at_least = 5s, .at_most = 6s}));
}

TEST(Series, NothingStoodThroughARestart) {
  auto before = server("a", 0s, 50);
  auto after = server("b", 10min, 50);
  before.edit().boot_id = "one";
  after.edit().boot_id = "two";
  const auto c = compared({before.facts(), after.facts()});
  ASSERT_EQ(c.hosts.size(), 1U);
  EXPECT_TRUE(c.hosts[0].series->has_restarted);
  EXPECT_TRUE(c.hosts[0].last().table.reported_ages.empty());
  EXPECT_EQ(growth_of(c, State::CloseWait)->growth.stood, 0U);
}

TEST(Series, WithoutTimesNothingIsSaidOfAgeOrSpeed) {
  auto before = server("a", 0s, 800);
  auto after = server("b", 0s, 1200);
  before.edit().taken_at = {};
  const auto c = compared({before.facts(), after.facts()});
  EXPECT_EQ(c.hosts[0].series->clock, Clock::None);
  EXPECT_TRUE(c.hosts[0].last().table.reported_ages.empty());
  const auto& g = growth_of(c, State::CloseWait)->growth;
  EXPECT_EQ(g.counts, (std::vector<uint64_t>{800, 1200}));
  EXPECT_FALSE(g.rate);
}

TEST(Series, FilesOfOneMomentHaveTheTimeOfTheirCopy) {
  const auto c = compared({server("a", 0s, 800).facts(), server("b", 200ms, 1200).facts()});
  EXPECT_FALSE(c.hosts[0].series->window);
}

TEST(Series, AnIntervalStandsForTheTimesAndKeepsTheOrder) {
  const auto c = compared({server("b", 10min, 800).facts(), server("a", 0s, 1200).facts()}, 5min);
  EXPECT_EQ(c.hosts[0].series->clock, Clock::Told);
  EXPECT_EQ(c.hosts[0].last().table.reported_ages.at(1).at_least, 5min);
  EXPECT_EQ(growth_of(c, State::CloseWait)->growth.rate->mean, 80);
}

TEST(Series, CountsWithoutRowsGrowToo) {
  DumpBuilder before("a");
  DumpBuilder after("b", 10min);
  before.edit().tally = {{State::CloseWait, 100}};
  after.edit().tally = {{State::CloseWait, 300}};
  auto dumps = std::vector{before.facts(), after.facts()};
  const auto series = make_series(dumps, {}, {});
  ASSERT_EQ(series.states.size(), 1U);
  EXPECT_FALSE(series.states[0].growth.stood);
  EXPECT_EQ(series.states[0].growth.rate->mean, 20);
}

TEST(Series, DifferentCommandsShowDifferentThings) {
  auto after = server("b", 10min, 1200);
  after.edit().source = "lsof";
  const auto c = compared({server("a", 0s, 100).facts(), after.facts()});
  EXPECT_FALSE(c.hosts[0].series->is_of_one_command);
  EXPECT_FALSE(growth_of(c, State::CloseWait)->growth.rate);
}

TEST(Series, ADumpThatLacksRowsTellsNoGrowth) {
  auto before = server("a", 0s, 100);
  before.edit().dump->cut_short = true;
  const auto c = compared({before.facts(), server("b", 10min, 1200).facts()});
  EXPECT_FALSE(growth_of(c, State::CloseWait)->growth.rate);
  EXPECT_FALSE(trend_of(c, c.hosts[0].judgement.undecided.at(0).id)->growth.rate);
  EXPECT_EQ(c.hosts[0].last().table.reported_ages.size(), 100U);
}

TEST(Series, ADumpThatWasFilteredForAStateTellsNothingOfOthers) {
  auto before = DumpBuilder("a").rows(State::Established, "10.0.0.1:8443", "10.0.0.9:0", 50, 50000);
  const auto c = compared({before.facts(), server("b", 10min, 1200).facts()});
  EXPECT_EQ(growth_of(c, State::CloseWait), nullptr);
  EXPECT_EQ(trend_of(c, c.hosts[0].judgement.undecided.at(0).id), nullptr);
}

}  // namespace
}  // namespace whywait
