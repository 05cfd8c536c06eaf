#include "compare/ends.h"

#include "testing/dump.h"

#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::compared;
using testing::db;
using testing::DumpBuilder;
using testing::web;
using namespace std::chrono_literals;

const PairedEnds& ends(const Comparison& c) { return c.between.at(0).ends; }

TEST(PairedEnds, ADumpThatWasCutShortShowsNothingOfWhatItLacks) {
  auto a = web().rows(State::CloseWait, "10.0.0.9:60000", "10.0.0.1:5432");
  auto b = db();
  b.edit().dump->cut_short = true;
  EXPECT_EQ(ends(compared({a.facts(), b.facts()})).pairs.at(0).together, PairEvidence::NotSeen);
}

TEST(PairedEnds, ARowThatIsTwiceIsNotAlone) {
  auto b = db().rows(State::Established, "10.0.0.1:5432", "10.0.0.9:50000");
  EXPECT_EQ(ends(compared({web().facts(), b.facts()})).pairs.size(), 1U);
}

TEST(PairedEnds, OpenAtBothEndsIsNobodysMove) {
  const auto c = compared({web().facts(), db().facts()});
  ASSERT_EQ(c.hosts.size(), 2U);
  ASSERT_EQ(ends(c).pairs.size(), 1U);
  const auto& pair = ends(c).pairs[0];
  EXPECT_EQ(pair.together, PairEvidence::Open);
  EXPECT_EQ(pair.count, 5U);
  EXPECT_EQ(pair.service_port, 5432);
  EXPECT_EQ(pair.service, End::Second);
  EXPECT_FALSE(pair.acts);
  EXPECT_EQ(status(c), Status::Ok);
}

TEST(PairedEnds, FinWait2AndCloseWaitMustBeClosedByTheLatter) {
  auto a = web().rows(State::FinWait2, "10.0.0.9:0", "10.0.0.1:5432", 3, 60000);
  auto b = db().rows(State::CloseWait, "10.0.0.1:5432", "10.0.0.9:0", 3, 60000);
  const auto c = compared({a.facts(), b.facts()});
  const auto& pair = ends(c).pairs.at(0);
  EXPECT_EQ(pair.together, PairEvidence::MustClose);
  EXPECT_EQ(pair.acts, End::Second);
  EXPECT_EQ(pair.count, 3U);
  EXPECT_EQ(pair.first, State::FinWait2);
  const auto swapped = compared({b.facts(), a.facts()});
  EXPECT_EQ(ends(swapped).pairs.at(0).acts, End::First);
}

TEST(PairedEnds, EstablishedWithoutTheOtherEndIsGone) {
  auto a = web().rows(State::Established, "10.0.0.9:0", "10.0.0.1:5432", 2, 60000);
  const auto c = compared({a.facts(), db().facts()});
  const auto& pair = ends(c).pairs.at(0);
  EXPECT_EQ(pair.together, PairEvidence::Gone);
  EXPECT_EQ(pair.first, State::Established);
  EXPECT_FALSE(pair.second);
  EXPECT_EQ(pair.acts, End::First);
  EXPECT_EQ(pair.confidence, Confidence::Possible);
}

TEST(PairedEnds, OneThatHadBegunBeforeIsLikelyGone) {
  auto a = web(1min).rows(State::Established, "10.0.0.9:60000", "10.0.0.1:5432");
  auto& table = a.edit().table;
  table.reported_ages[static_cast<uint32_t>(table.connections.size() - 1)] = {.at_least = 1h, .at_most = {}};
  auto b = db();
  b.edit().whole = {Netns{0}};
  const auto c = compared({a.facts(), b.facts()});
  EXPECT_EQ(ends(c).pairs.at(0).together, PairEvidence::Gone);
  EXPECT_EQ(ends(c).pairs.at(0).confidence, Confidence::Likely);
}

TEST(PairedEnds, AFilteredDumpShowsNothingOfWhatItLacks) {
  auto a = web().rows(State::CloseWait, "10.0.0.9:60000", "10.0.0.1:5432");
  auto b = DumpBuilder("only-established").rows(State::Established, "10.0.0.1:5432", "10.0.0.9:0", 5, 50000);
  const auto c = compared({a.facts(), b.facts()});
  EXPECT_EQ(ends(c).pairs.at(0).together, PairEvidence::NotSeen);
}

TEST(PairedEnds, TimeWaitAloneIsOver) {
  auto a = web().rows(State::TimeWait, "10.0.0.9:60000", "10.0.0.1:5432");
  EXPECT_EQ(ends(compared({a.facts(), db().facts()})).pairs.back().together, PairEvidence::Over);
}

TEST(PairedEnds, ImpossiblePairsAreOfTwoMoments) {
  auto a = web().rows(State::Established, "10.0.0.9:60000", "10.0.0.1:5432");
  auto b = db().rows(State::CloseWait, "10.0.0.1:5432", "10.0.0.9:60000");
  EXPECT_EQ(ends(compared({a.facts(), b.facts()})).pairs.at(0).together, PairEvidence::NotAtOnce);
}

TEST(PairedEnds, WhatPassesByItselfIsOnTheWay) {
  auto a = web().rows(State::FinWait1, "10.0.0.9:60000", "10.0.0.1:5432");
  auto b = db().rows(State::Established, "10.0.0.1:5432", "10.0.0.9:60000");
  EXPECT_EQ(ends(compared({a.facts(), b.facts()})).pairs.at(0).together, PairEvidence::OnTheWay);
}

TEST(PairedEnds, AStateThatIsNotToldIsNotJudged) {
  auto a = web().rows(State::Unknown, "10.0.0.9:60000", "10.0.0.1:5432");
  auto b = db().rows(State::CloseWait, "10.0.0.1:5432", "10.0.0.9:60000");
  const auto c = compared({a.facts(), b.facts()});
  EXPECT_EQ(ends(c).pairs.size(), 1U);
  EXPECT_EQ(ends(c).of_unknown_state, 1U);
}

TEST(PairedEnds, LoopbackNeverPairs) {
  auto a = web().rows(State::CloseWait, "127.0.0.1:60000", "127.0.0.1:6379");
  auto b = db().rows(State::FinWait2, "127.0.0.1:6379", "127.0.0.1:60000");
  EXPECT_EQ(ends(compared({a.facts(), b.facts()})).pairs.size(), 1U);
}

// The bridge of containers has one address on every host.
TEST(PairedEnds, AnAddressThatBothHaveTellsNothing) {
  auto a = web().rows(State::Established, "172.17.0.1:0", "172.17.0.2:80", 2, 60000);
  auto b = db().rows(State::Established, "172.17.0.2:80", "172.17.0.1:0", 1, 61000)
               .rows(State::Established, "172.17.0.1:0", "172.17.0.2:80", 1, 61000);
  EXPECT_EQ(ends(compared({a.facts(), b.facts()})).pairs.size(), 1U);
}

}  // namespace
}  // namespace whywait
