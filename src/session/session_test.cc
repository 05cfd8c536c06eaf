// The loop with a literal source, which counts what it is asked.
#include "session/session.h"

#include "session/wants.h"
#include "testing/world.h"
#include "testing/worlds.h"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>

namespace whywait::session {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;
using whywait::testing::World;

// Knows all of some facts, and begins with their table alone.
class Literal final : public Source {
 public:
  explicit Literal(Facts facts) : all_(std::move(facts)) {}

  tl::expected<Facts, std::string> begin() override {
    asked.clear();
    calls.clear();
    Facts out = all_;
    out.holders = tl::unexpected(Missing::NotAsked);
    out.details = tl::unexpected(Missing::NotAsked);
    out.partners = tl::unexpected(Missing::NotAsked);
    out.second = {};
    out.processes.clear();
    out.threads.clear();
    return out;
  }

  void answer(std::span<const Need> needs, Facts& facts) override {
    calls.emplace_back(needs.begin(), needs.end());
    for (const auto& need : needs) {
      ++asked[need];
      if (answers) tell(need, facts);
    }
  }

  const std::vector<std::string>& notes() const override { return notes_; }

  std::set<Question> kinds() const {
    std::set<Question> out;
    for (const auto& [need, times] : asked) out.insert(need.what);
    return out;
  }

  std::map<Need, int> asked;             // how often
  std::vector<std::vector<Need>> calls;  // of answer()
  bool answers = true;

 private:
  void tell(const Need& need, Facts& facts) {
    const auto not_asked_to_not_offered = [](auto answer) {
      if (!answer && answer.error() == Missing::NotAsked) answer = tl::unexpected(Missing::NotOffered);
      return answer;
    };
    switch (need.what) {
      case Question::Holders: facts.holders = all_.holders; break;
      case Question::Process:
        facts.processes.emplace(need.pid, not_asked_to_not_offered(all_.process(need.pid)));
        break;
      case Question::Threads:
        facts.threads.emplace(need.pid, not_asked_to_not_offered(all_.threads_of(need.pid)));
        break;
      case Question::SecondLook:
        facts.second.add(need.row, not_asked_to_not_offered(all_.second.of(need.row)));
        break;
      case Question::Details: facts.details = not_asked_to_not_offered(all_.details); break;
      case Question::Partners: facts.partners = not_asked_to_not_offered(all_.partners); break;
    }
  }

  Facts all_;
  std::vector<std::string> notes_ = {"by heart"};
};

const std::map<std::string, Wants>& all_wants() {
  static const std::map<std::string, Wants> all = {{"report", {}},
                                                   {"list", wants_of_listing({})},
                                                   {"inspect a process", wants_of_portrait(Pid{100})},
                                                   {"inspect a port", wants_of_portrait(Port{8080})},
                                                   {"save", everything()}};
  return all;
}

// A server that does its work, two connections of which wait for nobody.
Facts quiet() {
  World w;
  w.process(100, "server").listener(8080, {100}).made_connection(100);
  return w.facts();
}

TEST(Session, NothingIsAskedTwiceWhateverACommandWants) {
  for (const auto& world : whywait::testing::all_worlds()) {
    for (const auto& [name, wants] : all_wants()) {
      Literal source(world.facts);
      const auto d = ask(source, wants);
      ASSERT_TRUE(d);
      EXPECT_THAT(source.asked, Each(Pair(::testing::_, 1))) << world.name << ", " << name;
      EXPECT_THAT(d->judgement.needs, IsEmpty()) << world.name << ", " << name;
      EXPECT_THAT(d->notes, ElementsAre("by heart"));
    }
  }
}

TEST(Session, WhatACommandWantsChangesNoVerdict) {
  for (const auto& world : whywait::testing::all_worlds()) {
    Literal source(world.facts);
    const auto plain = ask(source);
    for (const auto& [name, wants] : all_wants()) {
      const auto d = ask(source, wants);
      EXPECT_EQ(d->judgement.causes, plain->judgement.causes) << world.name << ", " << name;
    }
  }
}

TEST(Session, AQuietHostIsAskedForNothingUnlessACommandWantsIt) {
  Literal source(quiet());
  ASSERT_TRUE(ask(source));
  EXPECT_THAT(source.calls, IsEmpty());
  ASSERT_TRUE(ask(source, wants_of_listing({})));
  EXPECT_THAT(source.kinds(), ElementsAre(Question::Holders, Question::Process));
  ASSERT_TRUE(ask(source, wants_of_portrait(Pid{100})));
  EXPECT_THAT(source.kinds(), ElementsAre(Question::Holders, Question::Process, Question::Threads,
                                          Question::SecondLook, Question::Details));
  ASSERT_TRUE(ask(source, everything()));
  EXPECT_THAT(source.kinds(), Contains(Question::Partners));
  EXPECT_THAT(source.kinds(), SizeIs(6));
}

TEST(Session, AListingNamesOnlyTheHoldersOfItsRows) {
  World w;
  w.process(100, "server").listener(8080, {100}).process(200, "other").listener(9090, {200});
  Literal source(w.facts());
  ASSERT_TRUE(ask(source, wants_of_listing({.ports = {9090}})));
  EXPECT_THAT(source.asked, Contains(Pair(Need{.what = Question::Process, .pid = Pid{200}}, 1)));
  EXPECT_THAT(source.asked, Not(Contains(Pair(Need{.what = Question::Process, .pid = Pid{100}}, 1))));
}

TEST(Session, OnlyRootLooksCloserAtWhatHasNoDescriptor) {
  auto facts = quiet();
  facts.holders->rows.clear();
  for (const bool as_root : {true, false}) {
    facts.as_root = as_root;
    Literal source(facts);
    ASSERT_TRUE(ask(source, wants_of_listing({})));
    EXPECT_EQ(source.kinds().contains(Question::Details), as_root);
  }
}

// Threads and second looks make a source wait; so those that the command and the rules want are asked for at
// once.
TEST(Session, WhatTakesTimeIsAskedForTogether) {
  World w;
  w.process(100, "server").listener(8080, {100}).close_wait({.count = 5, .pids = {100}});
  for (const auto& wants : {wants_of_portrait(Pid{100}), everything()}) {
    Literal source(w.facts());
    ASSERT_TRUE(ask(source, wants));
    const auto takes_time = [](const std::vector<Need>& needs) {
      return std::any_of(needs.begin(), needs.end(), [](const Need& n) {
        return n.what == Question::Threads || n.what == Question::SecondLook;
      });
    };
    EXPECT_EQ(std::count_if(source.calls.begin(), source.calls.end(), takes_time), 1);
  }
}

TEST(Session, OfVeryManyRowsSavingLooksAtNoneAgain) {
  auto facts = quiet();
  const auto row = facts.table.connections[1];
  for (int i = 0; i < 20'000; ++i) facts.table.connections.push_back(row);
  Literal source(facts);
  ASSERT_TRUE(ask(source, everything()));
  EXPECT_THAT(source.kinds(), Not(Contains(Question::SecondLook)));
  EXPECT_THAT(source.kinds(), Contains(Question::Process));
}

TEST(Session, ASourceThatDoesNotAnswerIsLeftAlone) {
  for (const auto& world : whywait::testing::all_worlds()) {
    for (const auto& [name, wants] : all_wants()) {
      Literal source(world.facts);
      source.answers = false;
      ASSERT_TRUE(ask(source, wants));
      EXPECT_THAT(source.calls, SizeIs(Le(40))) << world.name << ", " << name;
    }
  }
}

TEST(Session, IsBegunAgain) {
  Literal source(whywait::testing::all_worlds().front().facts);
  ASSERT_TRUE(ask(source, everything()));
  const auto first = source.asked;
  ASSERT_TRUE(ask(source, everything()));
  EXPECT_EQ(source.asked, first);
}

class Broken final : public Source {
 public:
  tl::expected<Facts, std::string> begin() override { return tl::unexpected(std::string("is a directory")); }
  void answer(std::span<const Need> /*needs*/, Facts& /*facts*/) override { ADD_FAILURE(); }
  const std::vector<std::string>& notes() const override { return notes_; }

 private:
  std::vector<std::string> notes_;
};

TEST(Session, TellsWhyItCannotBegin) {
  Broken source;
  const auto d = ask(source, everything());
  ASSERT_FALSE(d);
  EXPECT_EQ(d.error(), "is a directory");
}

}  // namespace
}  // namespace whywait::session
