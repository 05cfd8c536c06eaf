// What is written is read again: every field, and every verdict.
#include "sources/saved/saved.h"
#include "testing/packed.h"
#include "testing/same_facts.h"
#include "testing/worlds.h"

#include <gmock/gmock.h>

namespace whywait::saved {
namespace {

using testing::difference;
using testing::judgement_text;
using testing::packed;
using testing::read_again;
using namespace std::chrono_literals;

TEST(Saved, EveryWorldComesBackAndIsJudgedTheSame) {
  for (const auto& world : testing::all_worlds()) {
    if (world.facts.dump) continue;  // only what was read live is saved
    const auto back = read_again(world.facts);
    ASSERT_TRUE(back) << world.name << ": " << back.error();
    EXPECT_EQ(difference(world.facts, *back), "") << world.name;
    EXPECT_EQ(judgement_text(*back), judgement_text(world.facts)) << world.name;
  }
}

TEST(Saved, EveryFieldComesBack) {
  const auto facts = testing::full_facts();
  const auto back = read_again(facts);
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(difference(facts, *back), "");
}

// Each in turn, of everything that can be missing as a whole.
TEST(Saved, WhatIsMissingComesBackAsMissingForTheSameReason) {
  for (const auto why :
       {Missing::NotAsked, Missing::NotOffered, Missing::Denied, Missing::CutShort, Missing::Gone}) {
    auto facts = testing::full_facts();
    const auto missing = tl::unexpected(why);
    facts.holders = missing;
    facts.details = missing;
    facts.partners = missing;
    facts.processes[Pid{7}] = missing;
    facts.threads[Pid{7}] = missing;
    facts.second.add(1, missing);
    auto& thread = facts.threads.at(Pid{1})->list.front();
    thread.system_call = missing;
    thread.wait_channel = missing;
    thread.file = missing;
    thread.lock_owner = missing;
    thread.ran = missing;
    thread.last_given_cpu = missing;
    auto& process = *facts.processes.at(Pid{1});
    process.frozen = missing;
    process.descriptors = missing;
    const auto back = read_again(facts);
    ASSERT_TRUE(back) << back.error();
    EXPECT_EQ(difference(facts, *back), "");
  }
}

TEST(Saved, EveryFieldOfAConnectionMayBeAbsent) {
  for (uint16_t field = 0; field < Connection::kFields; ++field) {
    auto facts = testing::full_facts();
    for (auto& c : facts.table.connections) c.forget(field);
    const auto back = read_again(facts);
    ASSERT_TRUE(back) << back.error();
    EXPECT_EQ(difference(facts, *back), "") << field;
  }
}

TEST(Saved, NothingAtAllComesBack) {
  const auto back = read_again(Facts());
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(difference(Facts(), *back), "");
}

TEST(Saved, LiveIsSavedThenAndAllElseStays) {
  Facts facts;
  EXPECT_EQ(read_again(facts)->source, "saved");
  facts.source = "ss -tanp";
  EXPECT_EQ(read_again(facts)->source, "ss -tanp");
}

TEST(Saved, NamesAreBytes) {
  for (const std::string& name :
       {std::string("\xff\xfe"), std::string("\0a\0", 3), std::string("\"\\\n\x1b[2J\x7f"),
        std::string("caf\xc3\xa9"), std::string("\xf0\x9f\x90\x9b"), std::string("\xed\xa0\x80"),
        std::string(R"({"hex":"00"})"), std::string("\xc3")}) {
    auto facts = testing::full_facts();
    facts.processes.at(Pid{1})->name = name;
    facts.host = name;
    const auto back = read_again(facts);
    ASSERT_TRUE(back) << back.error();
    EXPECT_EQ(difference(facts, *back), "");
    for (const char c : testing::unpacked(packed(facts))) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
  }
}

TEST(Saved, IsKnownByItsFirstBytes) {
  EXPECT_TRUE(is_saved(packed(Facts())));
  EXPECT_FALSE(is_saved(""));
  EXPECT_FALSE(is_saved("tcp LISTEN"));
}

// A sink that wants no more is not asked again.
TEST(Saved, ASinkMayRefuse) {
  int parts = 0;
  EXPECT_FALSE(write(testing::full_facts(), "0", [&](std::string_view) { return ++parts > 1; }));
  EXPECT_EQ(parts, 1);
}

}  // namespace
}  // namespace whywait::saved
