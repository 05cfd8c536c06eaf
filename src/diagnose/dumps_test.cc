#include "diagnose/dumps.h"

#include "diagnose/coincidence.h"
#include "diagnose/standing.h"
#include "testing/dump.h"

#include <algorithm>

#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::Dump;
using testing::leak;
using testing::server;
using namespace std::chrono_literals;

Comparison compared(std::vector<Facts> dumps, std::optional<Milliseconds> interval = {}) {
  return compare(std::move(dumps), interval, offer_no_more);
}

const StateGrowth* growth_of(const Comparison& c, State state) {
  const auto& states = c.hosts.at(0).series->states;
  const auto it =
      std::find_if(states.begin(), states.end(), [&](const StateGrowth& s) { return s.state == state; });
  return it == states.end() ? nullptr : &*it;
}

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
  auto before = Dump("a").rows(State::Established, "10.0.0.1:8443", "10.0.0.9:40000").facts();
  auto after = Dump("b", 10min).rows(State::CloseWait, "10.0.0.1:8443", "10.0.0.9:40000").facts();
  EXPECT_TRUE(compared({before, after}).hosts[0].last().table.reported_ages.empty());
}

TEST(Series, EstablishedMayBeAnotherConnectionBetweenTheSamePorts) {
  auto before = Dump("a").rows(State::Established, "10.0.0.1:8443", "10.0.0.9:40000").facts();
  auto after = Dump("b", 10min).rows(State::Established, "10.0.0.1:8443", "10.0.0.9:40000").facts();
  const auto c = compared({before, after});
  EXPECT_TRUE(c.hosts[0].last().table.reported_ages.empty());
  EXPECT_FALSE(growth_of(c, State::Established)->growth.stood);
}

// One proxy, a hundred short CLOSE_WAITs at any moment: that two have the same port is an accident.
TEST(Series, AFewAtTheSamePortsAmongManyAreAnAccident) {
  auto before = server("a", 0s, 100).facts();
  auto after = Dump("b", 10min)
                   .listens("0.0.0.0:8443")
                   .rows(State::CloseWait, "10.0.0.1:8443", "10.0.0.9:0", 100, 40097)
                   .facts();
  const auto c = compared({before, after});
  EXPECT_EQ(growth_of(c, State::CloseWait)->growth.stood, 0U);
  EXPECT_TRUE(c.hosts[0].last().table.reported_ages.empty());
}

TEST(Series, FixedPortsAtBothEndsAreAlwaysTheSame) {
  auto before = Dump("a").rows(State::CloseWait, "10.0.0.1:5060", "10.0.0.9:5060").facts();
  auto after = Dump("b", 10min).rows(State::CloseWait, "10.0.0.1:5060", "10.0.0.9:5060").facts();
  EXPECT_TRUE(compared({before, after}).hosts[0].last().table.reported_ages.empty());
}

TEST(Series, ACookieTellsConnectionsApart) {
  const auto with_cookie = [](const Dump& d, uint64_t cookie) {
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
  Dump before("a");
  Dump after("b", 10min);
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
  EXPECT_FALSE(c.hosts[0].judgement.undecided.at(0).growth->rate);
  EXPECT_EQ(c.hosts[0].last().table.reported_ages.size(), 100U);
}

TEST(Series, ADumpThatWasFilteredForAStateTellsNothingOfOthers) {
  auto before = Dump("a").rows(State::Established, "10.0.0.1:8443", "10.0.0.9:0", 50, 50000);
  const auto c = compared({before.facts(), server("b", 10min, 1200).facts()});
  EXPECT_EQ(growth_of(c, State::CloseWait), nullptr);
  EXPECT_FALSE(c.hosts[0].judgement.undecided.at(0).growth);
}

TEST(Series, RowsThatAreNotToldApartArePairedByNumber) {
  auto before = Dump("a").rows(State::CloseWait, "hidden:443", "hidden:80", 5).facts();
  auto after = Dump("b", 10min).rows(State::CloseWait, "hidden:443", "hidden:80", 7).facts();
  auto s = standing(before, after);
  EXPECT_EQ(std::count(s.earlier_of.begin(), s.earlier_of.end(), kNoRow), 2);
}

TEST(Coincidence, OneInAThousand) {
  EXPECT_FALSE(is_no_accident(0, 0));
  EXPECT_TRUE(is_no_accident(1, 0.0002));
  EXPECT_FALSE(is_no_accident(1, 0.01));
  EXPECT_FALSE(is_no_accident(5, 2.4));
  EXPECT_TRUE(is_no_accident(12, 2.4));
  EXPECT_FALSE(is_no_accident(1030, 1000));
  EXPECT_TRUE(is_no_accident(1200, 1000));
}

// The leak of the README: undecided as a dump tells no holders, but it grows.
TEST(Growth, OfWhatIsUndecided) {
  const auto c = compared({server("a", 0s, 800).facts(), server("b", 10min, 1200).facts()});
  const auto& j = c.hosts[0].judgement;
  ASSERT_EQ(j.undecided.size(), 1U);
  ASSERT_TRUE(j.undecided[0].growth);
  const auto& g = *j.undecided[0].growth;
  EXPECT_EQ(g.counts, (std::vector<uint64_t>{800, 1200}));
  EXPECT_EQ(g.stood, 800U);
  EXPECT_EQ(g.rate, (Rate{.mean = 40, .low = 36, .high = 44}));
  EXPECT_TRUE(surely_grows(g));
}

TEST(Growth, BusyHealthyServerDoesNotGrow) {
  auto before = server("a", 0s, 12).rows(State::Established, "10.0.0.1:8443", "10.0.0.9:0", 300, 50000);
  auto after = Dump("b", 10min).listens("0.0.0.0:8443");
  after.rows(State::CloseWait, "10.0.0.1:8443", "10.0.0.9:0", 15, 41000)
      .rows(State::Established, "10.0.0.1:8443", "10.0.0.9:0", 310, 51000);
  const auto c = compared({before.facts(), after.facts()});
  const auto& j = c.hosts[0].judgement;
  EXPECT_TRUE(j.faults.empty());
  for (const auto& open : j.undecided) EXPECT_FALSE(surely_grows(*open.growth));
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
  const auto& g = *undecided[0].growth;
  EXPECT_TRUE(g.counts.empty());
  EXPECT_EQ(g.came, 30U);
  EXPECT_EQ(g.went_at_least, 0U);
  EXPECT_EQ(g.went_at_most, 20U);
}

TEST(Growth, ForecastsWhenDescriptorsRunOut) {
  const auto c = compared({leak(4000, 0s, 4100), leak(4812, 10min, 5004)});
  const auto& faults = c.hosts.at(0).judgement.faults;
  ASSERT_EQ(faults.size(), 1U);
  ASSERT_TRUE(faults[0].growth);
  EXPECT_EQ(faults[0].growth->counts, (std::vector<uint64_t>{4000, 4812}));
  ASSERT_TRUE(faults[0].exhausts);
  EXPECT_EQ(faults[0].exhausts->used, 5004U);
  EXPECT_EQ(faults[0].exhausts->limit, 8192U);
  // 3,188 are left, at 81.2 a minute.
  EXPECT_GT(faults[0].exhausts->earliest, 35min);
  EXPECT_LT(faults[0].exhausts->earliest, 39min);
  EXPECT_GT(*faults[0].exhausts->latest, 39min);
  EXPECT_LT(*faults[0].exhausts->latest, 43min);
}

TEST(Growth, NoForecastOfWhatStandsStill) {
  const auto c = compared({leak(4812, 0s, 5004), leak(4812, 10min, 5004)});
  const auto& faults = c.hosts.at(0).judgement.faults;
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_FALSE(faults[0].exhausts);
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

// Dumps of the two hosts 10.0.0.1, which serves :5432, and 10.0.0.9.
Dump db(Milliseconds at = 0s) {
  Dump d("db.txt", at);
  d.listens("0.0.0.0:5432").rows(State::Established, "10.0.0.1:5432", "10.0.0.9:0", 5, 50000);
  return d;
}
Dump web(Milliseconds at = 0s) {
  Dump d("web.txt", at);
  d.listens("0.0.0.0:80").rows(State::Established, "10.0.0.9:0", "10.0.0.1:5432", 5, 50000);
  return d;
}

const PairedEnds& ends(const Comparison& c) { return c.between.at(0).ends; }

TEST(Relation, SharedLocalAddressesAreOneHost) {
  const auto r = relate(server("a", 0s, 10).facts(), server("b", 1h, 3).facts());
  EXPECT_EQ(r.kinship, Kinship::SameHost);
  EXPECT_EQ(r.token, RecognisedBy::LocalAddresses);
}

TEST(Relation, MirroredEndsAreTwoHosts) {
  EXPECT_EQ(relate(web().facts(), db().facts()),
            (Relation{Kinship::Mirrored, RecognisedBy::MirroredEnds, 5, 5}));
}

TEST(Relation, OtherAddressesAreUnrelated) {
  auto other = Dump("c").rows(State::Established, "192.168.7.7:443", "192.168.7.8:0", 9);
  EXPECT_EQ(relate(web().facts(), other.facts()).kinship, Kinship::Unrelated);
  EXPECT_EQ(relate(Dump("a").facts(), Dump("b").facts()).kinship, Kinship::Unrelated);
}

TEST(Relation, LoopbackConnectionsAreTheSameOnlyOnOneHost) {
  const auto local = [](uint16_t from) {
    return Dump("a").rows(State::Established, "127.0.0.1:0", "127.0.0.1:6379", 20, from).facts();
  };
  EXPECT_EQ(relate(local(40000), local(40005)).token, RecognisedBy::SameConnections);
  EXPECT_EQ(relate(local(40000), local(40018)).kinship, Kinship::Unrelated);
}

// Both real servers behind a balancer have its address as well.
TEST(Relation, HostsThatSayTheyAreTwoAreTwo) {
  auto one = server("a", 0s, 10);
  auto other = server("b", 0s, 10);
  one.edit().host = "web-1";
  one.edit().boot_id = "one";
  other.edit().host = "web-2";
  other.edit().boot_id = "two";
  EXPECT_NE(relate(one.facts(), other.facts()).kinship, Kinship::SameHost);
}

TEST(Relation, MirroredPortsTellAnAddressTranslation) {
  auto client = Dump("a").rows(State::Established, "192.168.1.5:0", "198.51.100.7:443", 6);
  auto host = Dump("b").listens("0.0.0.0:443").rows(State::CloseWait, "10.0.0.1:443", "203.0.113.9:0", 6);
  EXPECT_EQ(relate(client.facts(), host.facts()).kinship, Kinship::Translated);
  const auto c = compared({client.facts(), host.facts()});
  ASSERT_EQ(ends(c).pairs.size(), 1U);
  EXPECT_EQ(ends(c).pairs[0].count, 6U);
  EXPECT_EQ(ends(c).pairs[0].confidence, Confidence::Possible);
}

TEST(Relation, AFewMirroredPortsAreAnAccident) {
  auto client = Dump("a").rows(State::Established, "192.168.1.5:0", "198.51.100.7:443", 300, 40000);
  auto host = Dump("b").rows(State::Established, "10.0.0.1:443", "203.0.113.9:0", 300, 40296);
  EXPECT_EQ(relate(client.facts(), host.facts()).kinship, Kinship::Unrelated);
}

TEST(Relation, NamesDoNotPairAcrossHosts) {
  auto one = Dump("a").rows(State::Established, "web:50000", "db:5432", 1);
  auto other = Dump("b").rows(State::Established, "db:5432", "web:50000", 1);
  EXPECT_EQ(relate(one.facts(), other.facts()).kinship, Kinship::Unrelated);
}

// Each file has other names for the same addresses, and the same for others.
TEST(Relation, OfRedactedFactsNothingIsKnown) {
  auto one = web();
  auto other = db();
  one.edit().boot_id = other.edit().boot_id = kRedacted;
  EXPECT_EQ(relate(one.facts(), other.facts()), (Relation{Kinship::Unrelated, RecognisedBy::Redacted}));
  EXPECT_EQ(relate(one.facts(), one.facts()).token, RecognisedBy::Redacted);
}

TEST(Relation, WhatHidesAddressesNamesNoHost) {
  const auto masked = [](uint16_t from) {
    return Dump("a").rows(State::Established, "10.0.x.x:443", "10.1.x.x:0", 9, from).facts();
  };
  EXPECT_EQ(relate(masked(40000), masked(50000)).kinship, Kinship::Unrelated);
}

TEST(Relation, ANameIsOfOneHost) {
  const auto named = [](uint16_t from) {
    return Dump("a").rows(State::Established, "web-1:443", "client:0", 9, from).facts();
  };
  EXPECT_EQ(relate(named(40000), named(50000)).token, RecognisedBy::LocalAddresses);
}

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
  auto b = Dump("only-established").rows(State::Established, "10.0.0.1:5432", "10.0.0.9:0", 5, 50000);
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
  EXPECT_EQ(ends(c).untold, 1U);
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

TEST(Dumps, SeveralOfEachOfTwoHosts) {
  const auto c = compared({web().facts(), db().facts(), web(1min).facts(), db(1min).facts()});
  ASSERT_EQ(c.hosts.size(), 2U);
  EXPECT_EQ(c.hosts[0].dumps.size(), 2U);
  EXPECT_EQ(c.hosts[1].dumps.size(), 2U);
  EXPECT_EQ(ends(c).pairs.at(0).together, PairEvidence::Open);
}

TEST(Dumps, HostsOfOneNameAreToldApart) {
  auto other = Dump("web.txt").rows(State::Established, "192.168.7.7:443", "192.168.7.8:0", 9);
  const auto c = compared({web().facts(), other.facts()});
  EXPECT_EQ(c.hosts[0].name, "web.txt");
  EXPECT_EQ(c.hosts[1].name, "web.txt (2)");
}

TEST(Dumps, OneAloneIsOneHost) {
  const auto c = compared({web().facts()});
  EXPECT_EQ(c.hosts.size(), 1U);
  EXPECT_FALSE(c.hosts[0].series);
  EXPECT_TRUE(c.between.empty());
}

}  // namespace
}  // namespace whywait
