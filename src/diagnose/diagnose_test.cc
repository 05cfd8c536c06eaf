#include "diagnose/diagnose.h"

#include "diagnose/cases.h"
#include "rules/rule.h"
#include "testing/changes.h"
#include "testing/taken_away.h"
#include "testing/world.h"
#include "testing/worlds.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::all_worlds;
using testing::World;
using namespace std::chrono_literals;

enum class Kind : uint8_t { Finding, Clear, CannotTell };

// What each rule says of each connection.
using Outcomes = std::map<std::pair<uint32_t, Cause>, Kind>;

Outcomes outcomes(const Facts& facts) {
  Outcomes out;
  for (const auto& c : make_cases(facts)) {
    for (const auto& rule : all_rules()) {
      if (rule.state != c.state) continue;
      const auto kind = static_cast<Kind>(rule.judge(c, facts).index());
      for (const auto& m : c.members) out[{m.index, rule.cause}] = kind;
    }
  }
  return out;
}

// The rows from this one on are answered, but not known.
void deny_second_look(Facts& f, uint32_t from) {
  SecondLook less;
  for (uint32_t row = 0; row < f.table.connections.size(); ++row) {
    less.add(row, row < from ? f.second.of(row) : tl::unexpected(Missing::NotOffered));
  }
  f.second = less;
}

struct Less {
  std::string what;
  Facts facts;
  bool is_of_one = false;  // one fact, not all of a kind
};

// Without a limit, there is none: that is no fact that is missing.
constexpr std::string_view kNoLimit = "process.descriptors.limit";

// Each fact taken away one at a time, of many that are alike a few; each kind for all; and what is a list.
void each_less(const Facts& whole, const std::function<void(const Less&)>& visit) {
  constexpr size_t kFew = 2;
  constexpr size_t kManyRows = 100;
  const bool one_by_one = whole.table.connections.size() <= kManyRows;
  for (const auto& [kind, n] : testing::kinds_known(whole)) {
    if (kind == kNoLimit) continue;
    visit({"any " + kind, testing::without(whole, kind, Missing::Denied), false});
    for (size_t i = 0; one_by_one && i < std::min(n, kFew); ++i) {
      const auto number = n <= kFew ? i : i * (n - 1) / (kFew - 1);
      visit(
          {fmt::format("{} {}", kind, number), testing::without(whole, kind, Missing::Denied, number), true});
    }
  }
  const auto visit_edited = [&](const std::string& what, const auto& edit) {
    Less less{what, whole, false};
    edit(less.facts);
    visit(less);
  };
  visit_edited("the second look", [](Facts& f) { f.second = {}; });
  visit_edited("most of the second look", [](Facts& f) { deny_second_look(f, 1); });
  visit_edited("whole tables", [](Facts& f) { f.whole.clear(); });
}

// How many outcomes became CannotTell. None may become anything else, but that a row which one fact less
// parts from others that are not alike may be cleared by itself.
size_t degraded_by_less(const std::string& name, const Facts& whole) {
  size_t degraded = 0;
  const auto before = outcomes(whole);
  each_less(whole, [&](const Less& less) {
    for (const auto& [key, kind] : outcomes(less.facts)) {
      const auto was = before.at(key);
      if (kind == Kind::CannotTell) {
        degraded += was == Kind::CannotTell ? 0 : 1;
      } else if (!less.is_of_one || kind != Kind::Clear || was != Kind::CannotTell) {
        EXPECT_EQ(kind, was) << name << ", without " << less.what << ", " << id(key.second) << ", row "
                             << key.first;
      }
    }
  });
  return degraded;
}

// Taking a fact away may only make an outcome CannotTell.
TEST(Property, AMissingFactNeverTurnsAnAnswerIntoAnother) {
  size_t degraded = 0;
  for (const auto& world : all_worlds()) degraded += degraded_by_less(world.name, world.facts);
  EXPECT_GT(degraded, 0U);
}

// A fact of each struct that a verdict or a chain leans on is among those that are taken away.
TEST(Property, EveryKindOfFactIsTakenAway) {
  std::set<std::string> kinds;
  for (const auto& world : all_worlds()) {
    for (const auto& [kind, n] : testing::kinds_known(world.facts)) {
      kinds.insert(kind);
      EXPECT_EQ(testing::kinds_known(testing::without(world.facts, kind, Missing::Denied)).count(kind), 0U)
          << kind;
    }
  }
  EXPECT_THAT(kinds, ::testing::IsSupersetOf({"uptime_ms", "connection.info", "connection.recv_q", "holders",
                                              "process", "process.descriptors", "threads",
                                              "thread.system_call", "second-look", "second-look.recv_q",
                                              "details", "detail.epoll", "detail.waiters"}));
}

TEST(Property, NamesPortsAndNumbersChangeNoVerdict) {
  for (const auto& world : all_worlds()) {
    const auto before = testing::verdicts(world.facts);
    for (const auto& change : testing::all_changes()) {
      // Less than three of something is no pile yet: twice as many may be one.
      if (change.what == "doubled" && (world.name == "two dead" || world.name == "a few young ones"))
        continue;
      EXPECT_EQ(testing::verdicts(change.make(world.facts)), before) << world.name << ", " << change.what;
    }
  }
}

TEST(Property, NoTwoRulesFindSomethingInOneCase) {
  for (const auto& world : all_worlds()) {
    std::map<uint32_t, int> findings;
    for (const auto& [key, kind] : outcomes(world.facts)) {
      if (kind == Kind::Finding) ++findings[key.first];
    }
    for (const auto& [row, n] : findings) EXPECT_EQ(n, 1) << world.name << ", row " << row;
  }
}

TEST(Property, EachConnectionIsInExactlyOneCase) {
  for (const auto& world : all_worlds()) {
    std::map<uint32_t, int> seen;
    for (const auto& c : make_cases(world.facts)) {
      for (const auto& m : c.members) ++seen[m.index];
    }
    for (uint32_t i = 0; i < world.facts.table.connections.size(); ++i) {
      const auto& c = world.facts.table.connections[i];
      const bool waits = is_judged(c.state) && c.state != State::Established;
      EXPECT_GE(seen[i], waits ? 1 : 0) << world.name;
      EXPECT_LE(seen[i], waits || c.state == State::Established ? 1 : 0) << world.name;
    }
  }
}

World leaking_server() {
  World w;
  w.process(1, "server").listener(8080, {1}).close_wait({.count = 50, .pids = {1}, .recv_q = 0});
  return w;
}

// A source that knows the whole world and tells what it is asked.
Collect source(const Facts& all, std::vector<Need>& asked) {
  return [&](std::span<const Need> needs, Facts& facts) {
    for (const auto& need : needs) {
      asked.push_back(need);
      switch (need.what) {
        case Question::Holders: facts.holders = all.holders; break;
        case Question::Process: facts.processes[need.pid] = all.process(need.pid); break;
        case Question::Threads: facts.threads[need.pid] = all.threads_of(need.pid); break;
        case Question::SecondLook: facts.second.add(need.row, all.second.of(need.row)); break;
        case Question::Details: facts.details = all.details; break;
        case Question::Partners: facts.partners = all.partners; break;
      }
    }
  };
}

Facts table_of(const Facts& all) {
  Facts f = all;
  f.holders = tl::unexpected(Missing::NotAsked);
  f.second = {};
  f.processes.clear();
  f.threads.clear();
  return f;
}

TEST(Diagnose, AsksForWhatTheRulesNeedAndComesToTheSameJudgement) {
  const auto all = leaking_server().process(2, "bystander").facts();
  auto facts = table_of(all);
  std::vector<Need> asked;
  const auto j = diagnose(facts, source(all, asked));
  ASSERT_EQ(j.faults.size(), 1U);
  EXPECT_EQ(j.faults[0].finding.cause, Cause::NotClosed);
  std::vector<Need> expected = {{.what = Question::Holders},
                                {.what = Question::Process, .pid = Pid{1}},
                                {.what = Question::Threads, .pid = Pid{1}}};
  EXPECT_EQ(asked, expected);  // no second look: the kernel's clocks tell that they have stood still
}

TEST(Diagnose, LooksAgainWhereNoClockTellsWhatWasRead) {
  World w;
  w.process(1, "server").listener(8080, {1}).close_wait({.count = 50, .pids = {1}, .recv_q = 1});
  const auto all = w.facts();
  auto facts = table_of(all);
  std::vector<Need> asked;
  const auto j = diagnose(facts, source(all, asked));
  ASSERT_EQ(j.faults.size(), 1U);
  EXPECT_EQ(j.faults[0].finding.cause, Cause::NotRead);
  std::vector<Need> expected = {{.what = Question::Holders},
                                {.what = Question::Process, .pid = Pid{1}},
                                {.what = Question::Threads, .pid = Pid{1}}};
  for (uint32_t row = 1; row <= 50; ++row) expected.push_back({.what = Question::SecondLook, .row = row});
  EXPECT_EQ(asked, expected);
}

// Asking for little comes to the same as knowing all, and what was not asked for is not leant on.
TEST(Property, WhatIsAskedForIsEnough) {
  for (const auto& world : all_worlds()) {
    auto facts = table_of(world.facts);
    std::vector<Need> asked;
    diagnose(facts, source(world.facts, asked));
    EXPECT_EQ(outcomes(facts), outcomes(world.facts)) << world.name;
    degraded_by_less(world.name + ", as asked for", facts);
  }
}

const Facts& world(const std::string& name) {
  const auto& all = all_worlds();
  return std::find_if(all.begin(), all.end(), [&](const auto& w) { return w.name == name; })->facts;
}

int64_t value(const Finding& finding, EvidenceKind kind) {
  const auto it = std::find_if(finding.evidence.begin(), finding.evidence.end(),
                               [&](const Evidence& e) { return e.kind == kind; });
  return it == finding.evidence.end() ? -1 : it->value;
}

struct Looked {
  std::vector<uint32_t> rows;  // that were asked for, in order
  Finding finding;
};

Looked look_at(const Facts& all) {
  auto facts = table_of(all);
  std::vector<Need> asked;
  auto j = diagnose(facts, source(all, asked));
  EXPECT_EQ(j.faults.size(), 1U);
  Looked out{.rows = {}, .finding = j.faults.empty() ? Finding{} : j.faults.front().finding};
  for (const auto& need : asked) {
    if (need.what == Question::SecondLook) out.rows.push_back(need.row);
  }
  return out;
}

std::vector<uint32_t> rows_to(uint32_t last) {
  std::vector<uint32_t> out(last);
  std::iota(out.begin(), out.end(), 1U);  // row 0 listens
  return out;
}

TEST(Sample, SpeaksForAllWhereNoneOfItMoved) {
  for (const auto* name : {"twelve hundred", "twelve hundred, the last moved"}) {
    const auto looked = look_at(world(name));
    EXPECT_EQ(looked.rows, rows_to(500)) << name;
    EXPECT_EQ(value(looked.finding, EvidenceKind::FinUnread), 1200) << name;
    EXPECT_EQ(value(looked.finding, EvidenceKind::Unchanged), 500) << name;
    EXPECT_EQ(value(looked.finding, EvidenceKind::LookedAgain), 500) << name;
  }
}

TEST(Sample, SpeaksForNobodyWhereSomeOfItMoved) {
  const auto& all = world("twelve hundred, the first moved");
  const auto looked = look_at(all);
  EXPECT_EQ(looked.rows, rows_to(1200));
  EXPECT_EQ(value(looked.finding, EvidenceKind::Unchanged), 1199);
  EXPECT_EQ(value(looked.finding, EvidenceKind::LookedAgain), 1200);
  EXPECT_EQ(looked.finding.evidence, judge(all).faults.at(0).finding.evidence);
}

TEST(Sample, DoesNotSpeakForRowsThatNoClockDates) {
  auto facts = world("twelve hundred");
  for (auto& c : facts.table.connections) c.forget(7);  // tcp_info
  auto asked_of = table_of(facts);
  std::vector<Need> asked;
  const auto j = diagnose(asked_of, source(facts, asked));
  EXPECT_EQ(
      std::count_if(asked.begin(), asked.end(), [](const Need& n) { return n.what == Question::SecondLook; }),
      1200);
  ASSERT_EQ(j.undecided.size(), 1U);
  EXPECT_THAT(j.undecided[0].open_questions, ::testing::Contains(OpenQuestion::LongerLook));
}

// As long as a rule's patience, the looks tell more than the clocks do.
TEST(Sample, DoesNotSpeakForAllAfterALongLook) {
  auto facts = world("twelve hundred");
  SecondLook longer;
  for (uint32_t row = 0; row < facts.table.connections.size(); ++row) {
    auto later = facts.second.of(row);
    later->after = 15s;
    longer.add(row, later);
  }
  facts.second = longer;
  EXPECT_EQ(look_at(facts).rows, rows_to(1200));
}

TEST(SecondLook, TheReportNamesOneRowForEachReason) {
  auto facts = world("twelve hundred");
  deny_second_look(facts, 0);
  const auto j = judge(facts);
  ASSERT_EQ(j.undecided.size(), 1U);
  EXPECT_THAT(j.undecided[0].needs, ::testing::ElementsAre(Need{.what = Question::SecondLook, .row = 1}));
}

TEST(Diagnose, AQuietHostIsAskedNothing) {
  const auto all = World().process(1, "server").listener(80, {1}).facts();
  auto facts = table_of(all);
  std::vector<Need> asked;
  const auto j = diagnose(facts, source(all, asked));
  EXPECT_THAT(asked, ::testing::IsEmpty());
  EXPECT_EQ(status(facts, j), Status::Ok);
}

TEST(Diagnose, EndsWithASourceThatNeverAnswers) {
  auto facts = table_of(leaking_server().facts());
  int rounds = 0;
  const auto j = diagnose(facts, [&](std::span<const Need>, Facts&) { ++rounds; });
  EXPECT_LT(rounds, 20);
  EXPECT_THAT(j.faults, ::testing::IsEmpty());
  EXPECT_EQ(j.undecided.size(), 1U);
}

TEST(Judge, ThirtyBackendsAreOneFinding) {
  World w;
  w.process(1, "postgres").listener(5432, {1});
  for (int pid = 10; pid < 40; ++pid) w.process(pid, "postgres").close_wait({.port = 5432, .pids = {pid}});
  const auto j = judge(w.facts());
  ASSERT_EQ(j.faults.size(), 1U);
  EXPECT_EQ(count(j.faults[0].cases), 30U);
  EXPECT_EQ(j.faults[0].finding.culprits.size(), 30U);
}

TEST(Judge, TheWorstComesFirst) {
  World w;
  w.process(1, "small").listener(81, {1}).close_wait({.count = 40, .port = 81, .pids = {1}});
  w.process(2, "full").listener(82, {2}, 3, 2).close_wait({.count = 3, .port = 82});
  const auto j = judge(w.facts());
  ASSERT_EQ(j.faults.size(), 2U);
  EXPECT_EQ(j.faults[0].finding.severity, Severity::Critical);
  EXPECT_EQ(status(w.facts(), j), Status::Critical);
}

TEST(Judge, TheIdStaysWhenPidsAndCountsChange) {
  const auto before = judge(leaking_server().facts());
  World later;
  later.process(7, "server").listener(8080, {7}).close_wait({.count = 90, .pids = {7}, .recv_q = 0});
  EXPECT_EQ(before.faults.at(0).id, judge(later.facts()).faults.at(0).id);
}

TEST(Judge, AMappedPeerIsPaired) {
  // The server's socket is IPv6 and the client's IPv4: both speak of 127.0.0.1.
  auto facts = leaking_server().facts();
  Connection peer;
  peer.netns = testing::kNetns;
  peer.state = State::FinWait2;
  const auto leaked = std::find_if(facts.table.connections.begin(), facts.table.connections.end(),
                                   [](const Connection& c) { return c.state == State::CloseWait; });
  peer.local = leaked->remote;
  peer.remote = {*Address::parse("::ffff:127.0.0.1"), leaked->local.port};
  peer.set_inode(9999);
  facts.table.connections.push_back(peer);
  const auto j = judge(facts);
  ASSERT_EQ(j.undecided.size(), 2U);  // both ends
  EXPECT_THAT(j.undecided[0].candidates, ::testing::Contains(Cause::HalfClose));
  EXPECT_THAT(j.undecided[1].candidates, ::testing::Contains(Cause::HalfClose));
}

TEST(Status, IsUnknownWhereNothingCouldBeRead) {
  Facts facts;
  facts.gaps.push_back({.what = Gap::What::Rows, .why = Missing::Denied, .count = 1});
  EXPECT_EQ(status(facts, judge(facts)), Status::Unknown);
}

}  // namespace
}  // namespace whywait
