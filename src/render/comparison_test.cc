#include "render/comparison.h"

#include "render/growth_words.h"
#include "render/page_text.h"
#include "testing/dump.h"
#include "testing/prose.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;
using namespace std::chrono_literals;
using whywait::testing::DumpBuilder;
using whywait::testing::leak;
using whywait::testing::server;

Comparison compared(std::vector<Facts> dumps) { return compare(std::move(dumps), {}, offer_no_more); }
std::string text_of(std::vector<Facts> dumps, const Style& style = {.width = 0}) {
  return text_of(comparison_page({compared(std::move(dumps))}), style);
}
Json json_of(std::vector<Facts> dumps) {
  return Json::parse(comparison_json({compared(std::move(dumps)), 5ms}));
}

// The hosts 10.0.0.9 and 10.0.0.1, which serves :5432.
std::vector<Facts> web_and_db() {
  DumpBuilder web("web.txt");
  web.listens("0.0.0.0:80")
      .rows(State::Established, "10.0.0.9:0", "10.0.0.1:5432", 7, 50000)
      .rows(State::FinWait2, "10.0.0.9:0", "10.0.0.1:5432", 3, 60000);
  DumpBuilder db("db.txt");
  db.listens("0.0.0.0:5432")
      .rows(State::Established, "10.0.0.1:5432", "10.0.0.9:0", 5, 50000)
      .rows(State::CloseWait, "10.0.0.1:5432", "10.0.0.9:0", 3, 60000);
  return {web.facts(), db.facts()};
}

TEST(Comparison, SaysHowAFaultGrowsAndWhenItRunsOut) {
  EXPECT_THAT(
      text_of({leak(4000, 0s, 4100), leak(4812, 10min, 5004)}),
      AllOf(HasSubstr("GROWTH     4,000 -> 4,812 in 10m: +81 a minute (76 to 87); 4,000 stood through\n"),
            HasSubstr("RUNS OUT   descriptors, 5,004 of 8,192: in 36m41s to 42m13s, at 2019-12-20T00:46:41"),
            HasSubstr("CHANGED    2 dumps of this host over 10m (they have one boot id)\n")));
}

TEST(Comparison, AForecastIsJsonToTheContract) {
  const auto j = json_of({leak(4000, 0s, 4100), leak(4812, 10min, 5004)});
  const auto& f = j.at("findings")[0];
  EXPECT_EQ(f.at("growth").at("per_min"), 81.2);
  EXPECT_EQ(f.at("growth").at("window_s"), 600.0);
  EXPECT_EQ(f.at("growth").at("method"), "two dumps");
  EXPECT_LT(f.at("growth").at("low"), f.at("growth").at("high"));
  const auto& e = f.at("exhausts");
  EXPECT_EQ(e.at("what"), "descriptors");
  EXPECT_EQ(e.at("used"), 5004);
  EXPECT_EQ(e.at("limit"), 8192);
  EXPECT_EQ(std::string(e.at("earliest")).substr(0, 16), "2019-12-20T00:46");
  EXPECT_EQ(std::string(e.at("latest")).substr(0, 16), "2019-12-20T00:52");
  EXPECT_EQ(j.at("series").at("states").at("CLOSE_WAIT").at("counts"), Json({4000, 4812}));
}

TEST(Comparison, SaysWhatWouldTellALimit) {
  auto later = server("after.txt", 10min, 1204).facts();
  EXPECT_THAT(
      text_of({server("before.txt", 0s, 812).facts(), later}),
      AllOf(HasSubstr("growth: 812 -> 1,204 in 10m: +39 a minute (35 to 43); 812 stood through"),
            HasSubstr("runs out: when is not known: the limit of its descriptors is in /proc/PID/limits"),
            HasSubstr("over 10m, by the times of the files: before.txt, after.txt")));
  later.system = System::Windows;
  EXPECT_THAT(text_of({server("before.txt", 0s, 812).facts(), later}),
              HasSubstr("netsh int ipv4 show dynamicport"));
}

TEST(Comparison, OfWhatStandsStillNoGrowthIsSure) {
  const auto out = text_of({server("a", 0s, 812).facts(), server("b", 10min, 813).facts()});
  EXPECT_THAT(out, AllOf(HasSubstr("no growth is sure"), Not(HasSubstr("runs out"))));
}

TEST(Comparison, AsksForTheIntervalWhereTimesDoNotTell) {
  const auto out = text_of({server("a", 0s, 812).facts(), server("b", 0s, 1204).facts()});
  EXPECT_THAT(out, AllOf(HasSubstr("CLOSE_WAIT 812 -> 1,204; 812 stood through\n"),
                         HasSubstr("give --interval TIME"), Not(HasSubstr("a minute"))));
  EXPECT_TRUE(json_of({server("a", 0s, 812).facts(), server("b", 0s, 1204).facts()})
                  .at("undecided")[0]
                  .at("growth")
                  .at("per_min")
                  .is_null());
}

TEST(Comparison, RatesAreInATimeThatFits) {
  EXPECT_EQ(growth_line({.counts = {10, 11},
                         .came = 1,
                         .stood = 10,
                         .window = 30min,
                         .rate = Rate{.mean = 1.0 / 30, .low = -0.05, .high = 0.1}}),
            "10 -> 11 in 30m: +2.0 an hour (-3.0 to 6.0); 10 stood through; no growth is sure");
}

TEST(Comparison, ManyDumpsShowTheFirstAndTheLast) {
  EXPECT_EQ(growth_line({.counts = {1, 2, 3, 4, 5, 6}}), "1 -> ... -> 6, never falling");
}

TEST(Comparison, WhatWentFromASharedPlaceIsABound) {
  EXPECT_EQ(growth_line({.came = 30, .went_at_most = 20}), "30 came, at most 20 went");
}

TEST(Comparison, SaysWhoMustCloseBetweenTwoHosts) {
  EXPECT_THAT(
      text_of(web_and_db()),
      AllOf(HasSubstr("BETWEEN    web.txt and db.txt: 8 connections of the one are in the other, from the"),
            HasSubstr(
                "3 on :5432 of db.txt, likely: web.txt is in FIN_WAIT_2, db.txt in CLOSE_WAIT: db.txt must "
                "close (such as 10.0.0.9:60000-10.0.0.1:5432)\n"),
            HasSubstr(
                "2 on :5432 of db.txt, possible: web.txt is in ESTABLISHED, db.txt has no such connection: "
                "the side of db.txt is gone, and web.txt will not notice until it sends, unless it began"),
            HasSubstr("5 on :5432 of db.txt, likely: both are in ESTABLISHED: open both ways\n")));
}

TEST(Comparison, HostsAreJsonToTheContract) {
  const auto j = json_of(web_and_db());
  EXPECT_EQ(j.at("schema"), "whywait.report/2");
  EXPECT_EQ(j.at("status"), "notice");
  EXPECT_EQ(j.at("states").at("ESTABLISHED"), 12);
  EXPECT_EQ(j.at("hosts").size(), 2U);
  EXPECT_EQ(j.at("hosts")[1].at("host"), "db.txt");
  EXPECT_EQ(j.at("undecided").size(), 2U);
  for (const auto& open : j.at("undecided"))
    EXPECT_EQ(open.at("host"), open.at("state") == "CLOSE_WAIT" ? "db.txt" : "web.txt");
  EXPECT_EQ(j.at("relation").at("kind"), "mirrored");
  const auto& pairs = j.at("pairs");
  const auto it =
      std::find_if(pairs.begin(), pairs.end(), [](const Json& p) { return p.at("meaning") == "must-close"; });
  ASSERT_NE(it, pairs.end());
  EXPECT_EQ(it->at("a"), Json({{"host", "web.txt"}, {"state", "FIN_WAIT_2"}}));
  EXPECT_EQ(it->at("b"), Json({{"host", "db.txt"}, {"state", "CLOSE_WAIT"}}));
  EXPECT_EQ(it->at("acts").at("host"), "db.txt");
  EXPECT_EQ(it->at("count"), 3);
  EXPECT_EQ(it->at("service_port"), 5432);
  EXPECT_EQ(it->at("example").at("local"), "10.0.0.9:60000");
}

TEST(Comparison, AFindingNamesItsHost) {
  const auto j = json_of({leak(4812, 0s, 5004), web_and_db()[0]});
  EXPECT_EQ(j.at("status"), "warning");
  EXPECT_EQ(j.at("findings")[0].at("host"), "box");
  EXPECT_EQ(j.at("relation").at("kind"), "unrelated");
}

TEST(Comparison, SaysThatHostsDoNotMirror) {
  DumpBuilder other("c.txt");
  other.rows(State::Established, "192.168.7.7:443", "192.168.7.8:0", 9);
  EXPECT_THAT(text_of({web_and_db()[0], other.facts()}),
              HasSubstr("BETWEEN    web.txt and c.txt: neither has an address of the other"));
}

TEST(Comparison, EverythingFitsItsWidth) {
  for (const size_t columns : {60U, 72U, 200U}) {
    auto dumps = web_and_db();
    dumps.push_back(server("a", 0s, 80).facts());
    dumps.push_back(server("b", 10min, 120).facts());
    const auto out =
        text_of(whywait::testing::prose_of(comparison_page({compared(dumps)})), {.width = columns});
    for (size_t from = 0; from < out.size();) {
      const auto end = std::min(out.find('\n', from), out.size());
      EXPECT_LE(width(out.substr(from, end - from)), columns);
      from = end + 1;
    }
  }
}

TEST(Comparison, HostileNamesAreHarmless) {
  auto dumps = web_and_db();
  dumps[0].file = "\033[2J\n";
  dumps.push_back(server("\033[31m", 0s, 1).facts());
  dumps.push_back(server("b\a", 10min, 1).facts());
  EXPECT_THAT(text_of(dumps), AllOf(Not(HasSubstr("\033")), Not(HasSubstr("\a"))));
}

// Both ends of the table of states have words.
TEST(Comparison, EveryPairOfStatesSaysSomething) {
  for (const auto first : kAllStates) {
    for (const auto second : kAllStates) {
      DumpBuilder a("a");
      DumpBuilder b("b");
      a.rows(first, "10.0.0.9:50000", "10.0.0.1:80")
          .rows(State::Established, "10.0.0.9:50001", "10.0.0.1:80");
      b.rows(second, "10.0.0.1:80", "10.0.0.9:50000")
          .rows(State::Established, "10.0.0.1:80", "10.0.0.9:50001");
      const auto json = json_of({a.facts(), b.facts()});
      for (const auto& pair : json.at("pairs"))
        EXPECT_FALSE(pair.at("says").get<std::string>().empty()) << name(first) << " " << name(second);
    }
  }
}

}  // namespace
}  // namespace whywait::render
