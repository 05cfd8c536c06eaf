// Files that are not as they were written, or never were.
#include "sources/saved/saved.h"
#include "testing/packed.h"
#include "testing/same_facts.h"
#include "testing/world.h"

#include <random>

#include <gmock/gmock.h>
#include <zstd.h>

namespace whywait::saved {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using testing::difference;
using testing::full_facts;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::packed;
using testing::packed_text;
using testing::read_bytes;
using ::testing::StartsWith;
using testing::unpacked;

std::string error_of(std::string_view file) {
  const auto facts = read_bytes(file);
  return facts ? "" : facts.error();
}

std::string error_of_text(const std::string& text) { return error_of(packed_text(text)); }

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// A header, these lines, and an end that counts them.
std::string file_of(const std::vector<std::string>& lines) {
  const auto nothing = unpacked(packed(Facts()));
  auto text = nothing.substr(0, nothing.find('\n') + 1);
  for (const auto& line : lines) text += line + "\n";
  return packed_text(text + R"({"kind":"end","lines":)" + std::to_string(1 + lines.size()) + "}\n");
}

Facts small_facts() {
  return testing::World()
      .process(1, "server")
      .listener(8080, {1})
      .close_wait({.count = 2, .pids = {1}})
      .facts();
}

TEST(Hostile, EveryCutIsSaidToBeOne) {
  const auto file = packed(small_facts());
  EXPECT_THAT(error_of(""), StartsWith("is empty"));
  for (size_t size = 1; size < file.size(); ++size) {
    EXPECT_THAT(error_of(file.substr(0, size)), StartsWith(size < 4 ? "is no file" : "is cut short")) << size;
  }
  EXPECT_THAT(error_of(file), IsEmpty());
}

TEST(Hostile, ACutTellsHowFarItGot) {
  auto text = unpacked(packed(full_facts()));
  std::string before;
  while (true) {
    text.erase(text.rfind('\n', text.size() - 2) + 1);
    if (text.empty()) break;
    const auto error = error_of_text(text);
    EXPECT_THAT(error, AllOf(StartsWith("is cut short: it ends after "), HasSubstr("save it anew")));
    EXPECT_NE(error, "");
  }
  EXPECT_THAT(error_of_text(unpacked(packed(Facts())).substr(0, 20)),
              StartsWith("is cut short: it ends after 0"));
}

// The checksum covers what is packed, and not each bit of how it is.
TEST(Hostile, AnAlteredByteIsRefusedOrMeansNothing) {
  const auto facts = small_facts();
  const auto file = packed(facts);
  for (size_t i = 0; i < file.size(); ++i) {
    for (const unsigned bits : {1U << i % 8, 0xffU}) {
      auto altered = file;
      altered[i] = static_cast<char>(static_cast<unsigned char>(altered[i]) ^ bits);
      const auto back = read_bytes(altered);
      if (back) {
        EXPECT_EQ(difference(facts, *back), "") << "byte " << i;
      } else {
        EXPECT_THAT(back.error(), AnyOf(StartsWith("was altered"), StartsWith("is no file"),
                                        StartsWith("is cut short"), StartsWith("holds more")))
            << "byte " << i;
      }
    }
  }
}

TEST(Hostile, DamageIsToldFromALineThatWasWrittenWrongly) {
  auto file = packed(small_facts());
  file.back() = static_cast<char>(~file.back());
  EXPECT_THAT(error_of(file), StartsWith("was altered or damaged: its checksum does not match"));
  auto text = unpacked(packed(small_facts()));
  EXPECT_THAT(error_of_text(replaced(text, "CLOSE_WAIT", "CLOSE_WHAT")),
              AllOf(StartsWith("makes no sense: in line "), HasSubstr("'state' of connection")));
}

TEST(Hostile, ANewerVersionIsNamed) {
  const auto text = unpacked(packed(small_facts()));
  EXPECT_EQ(error_of_text(replaced(text, "facts/1", "facts/3")),
            "was written by a newer whywait (facts/3; this one reads up to facts/1): update whywait");
  // Which may have changed anything but that.
  EXPECT_THAT(error_of_text("{\"schema\":\"whywait.facts/2\"}\n\x01\n"),
              StartsWith("was written by a newer"));
}

TEST(Hostile, WhatIsNoFileOfWhywaitIsSaid) {
  EXPECT_THAT(error_of("tcp LISTEN 0 128 0.0.0.0:22"), StartsWith("is no file of whywait: "));
  for (const auto* text :
       {"", "\n", "tcp LISTEN\n", "{}\n", "[]\n", "1\n", "{\"schema\":1}\n", "{\"schema\":\"other/1\"}\n",
        "{\"schema\":\"whywait.facts/0\"}\n", "{\"schema\":\"whywait.facts/x\"}\n",
        "{\"schema\":\"whywait.facts/1x\"}\n", "{\"schema\":\"whywait.facts/99999999999999999999\"}\n"}) {
    EXPECT_THAT(error_of_text(text), AnyOf(StartsWith("is no file of whywait, though packed like one"),
                                           StartsWith("is cut short: it ends after 0")))
        << text;
  }
}

TEST(Hostile, NothingMayFollow) {
  const auto file = packed(small_facts());
  for (const auto& more : {std::string("x"), std::string(1, '\0'), std::string(300'000, 'x'), file}) {
    EXPECT_THAT(error_of(file + more), StartsWith("was altered: more follows after its end"));
  }
  EXPECT_THAT(error_of_text(unpacked(file) + "{\"kind\":\"new\"}\n"), HasSubstr("it comes after the end"));
}

TEST(Hostile, AFileWithoutAChecksumIsRefused) {
  const auto text = unpacked(packed(small_facts()));
  std::string file(ZSTD_compressBound(text.size()), '\0');
  file.resize(ZSTD_compress(file.data(), file.size(), text.data(), text.size(), 3));
  EXPECT_THAT(error_of(file), HasSubstr("it has no checksum"));
}

TEST(Hostile, SourcesMayGiveAByteAtATime) {
  const auto facts = full_facts();
  for (const size_t piece : {1U, 7U, 4096U, 1U << 20U}) {
    const auto back = read_bytes(packed(facts), piece);
    ASSERT_TRUE(back) << back.error();
    EXPECT_EQ(difference(facts, *back), "");
  }
}

TEST(Bomb, ALineHasAnEnd) {
  EXPECT_THAT(error_of_text(std::string(20UL << 20U, ' ')),
              AnyOf(HasSubstr("longer than any that whywait writes"), StartsWith("holds more")));
  EXPECT_THAT(error_of(file_of({std::string((1UL << 20U) + 1, '[')})),
              HasSubstr("longer than any that whywait writes"));
  // As deep as a line may be.
  EXPECT_THAT(error_of(file_of({std::string(1UL << 19U, '[') + std::string(1UL << 19U, ']')})),
              HasSubstr("it has no kind"));
}

TEST(Bomb, RowsAreNoMoreThanAFileOfItsSizeCanHold) {
  std::vector<std::string> lines = {R"({"kind":"holders"})"};
  lines.front() = R"({"kind":"holders","pipes_told":false,"saw_rings":false,"saw_flights":false,)"
                  R"("unreadable":0,"first_unreadable":0,"outside":false})";
  lines.emplace_back(R"({"kind":"columns","of":"holder","names":["inode","pid","fd"]})");
  const auto few = file_of(lines);
  EXPECT_THAT(error_of(few), IsEmpty());
  lines.resize(400'000, R"(["holder",1,1,1])");
  const auto bomb = file_of(lines);
  EXPECT_LT(bomb.size(), 10'000U);
  EXPECT_THAT(error_of(bomb), StartsWith("holds more than a file of its size can"));
}

TEST(Lines, AreReadByTheNamesOfTheirFields) {
  const std::string columns =
      R"({"kind":"columns","of":"connection","names":["new","remote","local","state","netns","interface","mptcp"]})";
  const auto facts = read_bytes(
      file_of({columns, R"(["connection",{"a":[1]},"1.2.3.4:5","[::1]:6","LISTEN",7,0,false,"more"])",
               R"({"what":"rows","pid":0,"new":[{}],"detail":"","why":"denied","count":1,"kind":"gap"})"}));
  ASSERT_TRUE(facts) << facts.error();
  const auto& c = facts->table.connections.front();
  EXPECT_EQ(text(c.remote), "1.2.3.4:5");
  EXPECT_EQ(text(c.local), "[::1]:6");
  EXPECT_EQ(c.state, State::Listen);
  EXPECT_EQ(c.netns, Netns{7});
  EXPECT_FALSE(c.recv_q());
  EXPECT_EQ(facts->gaps.at(0).count, 1U);
}

TEST(Lines, OfUnknownKindsAreLeftOut) {
  const auto facts =
      read_bytes(file_of({R"({"kind":"new","of":1})", R"(["new",1,2])",
                          R"({"kind":"columns","of":"newer","names":["a"]})", R"(["newer",1])"}));
  ASSERT_TRUE(facts) << facts.error();
  EXPECT_EQ(difference(*facts, Facts()), "");
}

struct WrongLine {
  std::string line;
  std::string wrong;
};

class Wrong : public ::testing::TestWithParam<WrongLine> {};

TEST_P(Wrong, LineIsSaidToBe) {
  const std::string columns =
      R"({"kind":"columns","of":"connection","names":["netns","state","local","remote","interface","mptcp",)"
      R"("recv_q","timer","info"]})";
  const auto error = error_of(file_of({columns, GetParam().line}));
  EXPECT_THAT(error, AllOf(StartsWith("makes no sense: "), HasSubstr(GetParam().wrong)));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, Wrong,
    ::testing::Values(
        WrongLine{"", "it is no JSON"}, WrongLine{"{", "it is no JSON"}, WrongLine{"\xff", "it is no JSON"},
        WrongLine{R"(["\ud800"])", "it is no JSON"}, WrongLine{"[] []", "it is no JSON"},
        WrongLine{"7", "it has no kind"}, WrongLine{"[]", "it has no kind"},
        WrongLine{"{}", "it has no kind"}, WrongLine{R"({"kind":1})", "it has no kind"},
        WrongLine{R"({"kind":"columns"})", "it names no columns"},
        WrongLine{R"({"kind":"columns","of":"holder","names":[1]})", "it names no columns"},
        WrongLine{R"(["info",1])", "its columns have no names"},
        WrongLine{R"({"kind":"end","lines":1})", "it counts other lines than there are"},
        WrongLine{R"({"kind":"holders"})", "'pipes_told' of holders"},
        WrongLine{R"({"kind":"holders","missing":"lost"})", "'missing' of holders"},
        WrongLine{R"({"kind":"process","pid":1})", "'start_ticks' of process"},
        WrongLine{R"({"kind":"process","missing":"gone"})", "'pid' of process"},
        WrongLine{R"({"kind":"threads","pid":1,"window_ms":9e9})", "'window_ms' of threads"},
        WrongLine{R"({"kind":"threads","pid":1,"window_ms":9000000000000000000})", "'window_ms' of threads"},
        WrongLine{R"({"kind":"threads","pid":4294967296,"window_ms":9})", "'pid' of threads"},
        WrongLine{R"(["connection",1,"LISTEN","1.2.3.4:5","1.2.3.4",0,false])", "'remote' of connection"},
        WrongLine{R"(["connection",1,"LISTEN","1.2.3.4:5","1.2.3.4:65536",0,false])", "'remote'"},
        WrongLine{R"(["connection",1,"LISTEN","1.2.3.4:5","1.2.3.4:6",-1,false])", "'interface'"},
        WrongLine{R"(["connection",1,"LISTEN","1.2.3.4:5","1.2.3.4:6",0])", "'mptcp'"},
        WrongLine{R"(["connection",1,null,"1.2.3.4:5","1.2.3.4:6",0,false])", "'state'"},
        WrongLine{R"(["connection",1,"LISTEN","1.2.3.4:5","1.2.3.4:6",0,false,"1"])", "'recv_q'"},
        WrongLine{R"(["connection",1,"LISTEN","1.2.3.4:5","1.2.3.4:6",0,false,1,["none",0]])", "'timer'"},
        WrongLine{R"(["connection",1,"LISTEN","1.2.3.4:5","1.2.3.4:6",0,false,1,["none",256,0]])", "'timer'"},
        WrongLine{R"(["connection",1,"LISTEN","1.2.3.4:5","1.2.3.4:6",0,false,1,["none",0,-1]])", "'timer'"},
        WrongLine{R"(["connection",1,"LISTEN","1.2.3.4:5","1.2.3.4:6",0,false,1,["none",0,0],0])",
                  "a connection refers to a row that is not there"},
        WrongLine{R"({"kind":"gap","what":"rows","why":"denied","count":0,"detail":{"hex":"0g"},"pid":0})",
                  "'detail' of gap"},
        WrongLine{R"({"kind":"gap","what":"rows","why":"denied","count":0,"detail":{"hex":"000"},"pid":0})",
                  "'detail' of gap"}));

TEST(Lines, ThatReferToWhatIsNotThereAreRefused) {
  const auto text = unpacked(packed(full_facts()));
  const auto expect = [&](std::string_view from, std::string_view to, const std::string& wrong) {
    EXPECT_THAT(error_of_text(replaced(text, from, to)), HasSubstr(wrong)) << to;
  };
  expect(R"(["detail",0,)", R"(["detail",99,)", "a detail refers to a row that is not there");
  expect(R"(["waiter",1,)", R"(["waiter",13,)", "a waiter refers to a row that is not there");
  expect(R"(["second-look",1,)", R"(["second-look",13,)", "what second-look belongs to is not there");
  expect(R"(["thread",1,)", R"(["thread",3,)", "what thread belongs to is not there");
  expect(R"("pipes_told":true)", R"("pipes_told":false)", "what pipes-out belongs to is not there");
  expect(R"({"kind":"partners"})", R"({"kind":"partners","missing":"denied"})", "what pipe belongs to");
}

// Bytes of the lines are changed at random, so that the checksum matches and anything may be in them.
TEST(Hostile, WhateverIsReadCanBeJudged) {
  const auto text = unpacked(packed(small_facts()));
  const auto full = unpacked(packed(full_facts()));
  std::mt19937 random(4711);
  const std::string_view kBytes = R"(0123456789"{}[],:-truefalsn)";
  int judged = 0;
  for (int i = 0; i < 1000; ++i) {
    auto changed = i % 2 == 0 ? text : full;
    for (int n = 0; n < 1 + i % 3; ++n) changed[random() % changed.size()] = kBytes[random() % kBytes.size()];
    const auto back = read_bytes(packed_text(changed));
    if (!back) continue;
    ++judged;
    testing::judgement_text(*back);
  }
  EXPECT_GT(judged, 50);
}

}  // namespace
}  // namespace whywait::saved
