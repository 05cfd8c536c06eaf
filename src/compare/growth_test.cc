#include "compare/growth.h"

#include "testing/dump.h"

#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::compared;
using testing::DumpBuilder;
using testing::growth_of;
using testing::leak;
using testing::server;
using testing::trend_of;
using namespace std::chrono_literals;

// The leak of the README: undecided as a dump tells no holders, but it grows.
TEST(Growth, OfWhatIsUndecided) {
  const auto c = compared({server("a", 0s, 800).facts(), server("b", 10min, 1200).facts()});
  const auto& j = c.hosts[0].judgement;
  ASSERT_EQ(j.undecided.size(), 1U);
  const auto* trend = trend_of(c, j.undecided[0].id);
  ASSERT_NE(trend, nullptr);
  const auto& g = trend->growth;
  EXPECT_EQ(g.counts, (std::vector<uint64_t>{800, 1200}));
  EXPECT_EQ(g.stood, 800U);
  EXPECT_EQ(g.rate, (Rate{.mean = 40, .low = 36, .high = 44}));
  EXPECT_TRUE(surely_grows(g));
}

TEST(Growth, BusyHealthyServerDoesNotGrow) {
  auto before = server("a", 0s, 12).rows(State::Established, "10.0.0.1:8443", "10.0.0.9:0", 300, 50000);
  auto after = DumpBuilder("b", 10min).listens("0.0.0.0:8443");
  after.rows(State::CloseWait, "10.0.0.1:8443", "10.0.0.9:0", 15, 41000)
      .rows(State::Established, "10.0.0.1:8443", "10.0.0.9:0", 310, 51000);
  const auto c = compared({before.facts(), after.facts()});
  const auto& j = c.hosts[0].judgement;
  EXPECT_TRUE(j.faults.empty());
  for (const auto& open : j.undecided) EXPECT_FALSE(surely_grows(trend_of(c, open.id)->growth));
  EXPECT_FALSE(surely_grows(growth_of(c, State::CloseWait)->growth));
  EXPECT_TRUE(c.hosts[0].last().table.reported_ages.empty());
}

TEST(Growth, StepsThatDifferMuchAreNoSureGrowth) {
  const auto with = [](uint32_t a, uint32_t b, uint32_t c) {
    return compared(
        {server("a", 0s, a).facts(), server("b", 10min, b).facts(), server("c", 20min, c).facts()});
  };
  EXPECT_TRUE(surely_grows(growth_of(with(800, 950, 1100), State::CloseWait)->growth));
  EXPECT_FALSE(surely_grows(growth_of(with(800, 1200, 1100), State::CloseWait)->growth));
}

// What others left at the same port is not counted as theirs, but may have been.
TEST(Growth, SharedPlaceWidensTheBounds) {
  auto after = server("b", 10min, 0);
  after.rows(State::CloseWait, "10.0.0.1:8443", "10.0.0.9:0", 40, 50000);
  HolderTable holders;
  auto& rows = after.edit().table.connections;
  for (uint32_t i = 1; i < rows.size(); ++i) {
    rows[i].set_inode(i);
    holders.rows.push_back({.inode = i, .pid = Pid{i <= 30 ? 100 : 200}, .fd = 5});
  }
  holders.sort();
  after.edit().holders = holders;
  const auto c = compared({server("a", 0s, 20).facts(), after.facts()});
  const auto& undecided = c.hosts[0].judgement.undecided;
  ASSERT_EQ(undecided.size(), 2U);
  const auto& g = trend_of(c, undecided[0].id)->growth;
  EXPECT_TRUE(g.counts.empty());
  EXPECT_EQ(g.came, 30U);
  EXPECT_EQ(g.went_at_least, 0U);
  EXPECT_EQ(g.went_at_most, 20U);
}

TEST(Growth, ForecastsWhenDescriptorsRunOut) {
  const auto c = compared({leak(4000, 0s, 4100), leak(4812, 10min, 5004)});
  const auto& faults = c.hosts.at(0).judgement.faults;
  ASSERT_EQ(faults.size(), 1U);
  const auto* trend = trend_of(c, faults[0].id);
  ASSERT_NE(trend, nullptr);
  EXPECT_EQ(trend->growth.counts, (std::vector<uint64_t>{4000, 4812}));
  ASSERT_TRUE(trend->exhausts);
  EXPECT_EQ(trend->exhausts->used, 5004U);
  EXPECT_EQ(trend->exhausts->limit, 8192U);
  // 3,188 are left, at 81.2 a minute.
  EXPECT_GT(trend->exhausts->earliest, 35min);
  EXPECT_LT(trend->exhausts->earliest, 39min);
  EXPECT_GT(*trend->exhausts->latest, 39min);
  EXPECT_LT(*trend->exhausts->latest, 43min);
}

TEST(Growth, NoForecastOfWhatStandsStill) {
  const auto c = compared({leak(4812, 0s, 5004), leak(4812, 10min, 5004)});
  const auto& faults = c.hosts.at(0).judgement.faults;
  ASSERT_EQ(faults.size(), 1U);
  ASSERT_NE(trend_of(c, faults[0].id), nullptr);
  EXPECT_FALSE(trend_of(c, faults[0].id)->exhausts);
}

TEST(Growth, ForecastOfWhatIsUsedUpIsNow) {
  const Growth g{.rate = Rate{.mean = 2, .low = 1, .high = 3}};
  EXPECT_EQ(forecast(100, 100, g)->earliest, 0ms);
  EXPECT_EQ(forecast(40, 100, g), (Exhaustion{.used = 40, .limit = 100, .earliest = 20min, .latest = 60min}));
}

TEST(Growth, NoForecastBeyondAYear) {
  EXPECT_FALSE(forecast(0, 1000000000, {.rate = Rate{.mean = 2, .low = 1, .high = 3}}));
  EXPECT_FALSE(forecast(0, 1000000, {.rate = Rate{.mean = 2, .low = 1, .high = 3}})->latest);
}

}  // namespace
}  // namespace whywait
