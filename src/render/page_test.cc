#include "render/page_text.h"

#include <gmock/gmock.h>

namespace whywait::render {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

TEST(Printable, LeavesWordsOfAllLanguagesAlone) {
  EXPECT_EQ(printable("nginx: worker"), "nginx: worker");
  EXPECT_EQ(printable("сервер-日本-🦀"), "сервер-日本-🦀");
}

TEST(Printable, DefusesWhateverCouldMoveOrForge) {
  EXPECT_EQ(printable("\033[2J"), "\\x1b[2J");
  EXPECT_EQ(printable("a\nb\rc\td"), "a\\x0ab\\x0dc\\x09d");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");                                // CSI in one character
  EXPECT_EQ(printable(std::string{'\xe2', '\x80', '\xae'}), "\\xe2\\x80\\xae");  // right-to-left override
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");                                // no UTF-8
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");                                // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");                       // surrogate
}

TEST(Numbers, Counts) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(plural(1, "peer"), "1 peer");
  EXPECT_EQ(plural(1000, "peer"), "1,000 peers");
}

TEST(Numbers, Durations) {
  EXPECT_EQ(duration(350ms), "350 ms");
  EXPECT_EQ(duration(3200ms), "3.2 s");
  EXPECT_EQ(duration(76s), "76 s");
  EXPECT_EQ(duration(5min + 3s), "5m3s");
  EXPECT_EQ(duration(1h + 61min), "2h1m");
  EXPECT_EQ(duration(72h), "3d0h");
  EXPECT_EQ(text(Age{20s, 20s}), "20 s");
  EXPECT_EQ(text(Age{20s, 30s}), "20 s to 30 s");
  EXPECT_EQ(text(Age{20s, std::nullopt}), "at least 20 s");
}

TEST(Numbers, TimesAreUtc) {
  EXPECT_EQ(rfc3339(std::chrono::system_clock::time_point(1234ms)), "1970-01-01T00:00:01.234Z");
}

std::string line(std::string_view label, std::vector<Run> runs, const Style& style) {
  Page page;
  page.section(label).line(std::move(runs));
  return text_of(page, style);
}

std::string command(std::string_view command, std::string_view comment, const Style& style) {
  Page page;
  page.section("NEXT").command(command, comment);
  return text_of(page, style);
}

TEST(Page, WrapsAtItsWidthUnderItsLabel) {
  EXPECT_EQ(line("WHY", {"one two three"}, {.width = 20}), "WHY        one two\n           three\n");
  EXPECT_EQ(line("WHY", {"one two three"}, {.width = 0}), "WHY        one two three\n");
}

TEST(Page, LongLabelIsApartFromItsText) {
  EXPECT_EQ(line("ESTABLISHED", {"one two"}, {.width = 18}), "ESTABLISHED one\n           two\n");
}

TEST(Page, AWordLongerThanALineGoesOnInTheNext) {
  EXPECT_EQ(line("WHY", {"a bcdefghijkl m"}, {.width = 16}),
            "WHY        a\n           bcdef\n           ghijk\n           l m\n");
}

TEST(Page, OnlyTheFirstLineOfASectionHasTheLabel) {
  Page page;
  page.section("WHY").lines({"one", "two"});
  page.blank();
  page.title("lab", Tone::Strong);
  EXPECT_EQ(text_of(page, {}), "WHY        one\n           two\n\nlab\n");
}

TEST(Page, ANumberStaysWithItsUnit) {
  EXPECT_EQ(line("", {"last ran 3.1 s ago"}, {.width = 23}), "           last ran\n           3.1 s ago\n");
  EXPECT_EQ(line("", {"held by 4,812 connections"}, {.width = 34}),
            "           held by\n           4,812 connections\n");
  EXPECT_EQ(line("", {"payments (pid 2817)"}, {.width = 25}), "           payments\n           (pid 2817)\n");
  EXPECT_EQ(line("", {"4,812 connections"}, {.width = 0}), "           4,812 connections\n");
}

TEST(Page, AUnitThatNoLineHasRoomForGoesOnInTheNext) {
  EXPECT_EQ(line("", {"4,812 connections"}, {.width = 24}), "           4,812\n           connections\n");
}

TEST(Page, ARunIsPrintableWhateverItIsMadeOf) {
  EXPECT_EQ(render::Run("\033[2J").text(), "\\x1b[2J");
  EXPECT_EQ(render::Run(std::string{kNoBreak}).text(), "\\x1f");
  EXPECT_EQ(command("kill\n1", "\a", {.width = 0}), "NEXT       kill\\x0a1   # \\x07\n");
}

TEST(Page, ACommandHasItsCommentBesideIt) {
  EXPECT_EQ(command("whywait list", "each of them", {.width = 0}),
            "NEXT       whywait list   # each of them\n");
  EXPECT_EQ(command("whywait list", "", {}), "NEXT       whywait list\n");
  EXPECT_EQ(command("", "mend the code", {}), "NEXT       mend the code\n");
}

TEST(Page, EveryLineOfALongCommentIsAComment) {
  EXPECT_EQ(command("whywait list", "each of them, with 3 s in between", {.width = 32}),
            "NEXT       whywait list\n           # each of them, with\n           # 3 s in between\n");
}

TEST(Page, ACommandIsNeverParted) {
  EXPECT_EQ(command("whywait list --state CLOSE_WAIT", "each", {.width = 30}),
            "NEXT       whywait list --state CLOSE_WAIT\n           # each\n");
}

TEST(Page, ColoursEndWithTheirRunAndWithTheLine) {
  EXPECT_EQ(line("WHY", {"one", render::Run(" two three", Tone::Faint)}, {.width = 20, .colour = true}),
            "\033[1mWHY        \033[0mone \033[2mtwo\033[0m\n           \033[2mthree\033[0m\n");
  EXPECT_THAT(line("WHY", {render::Run("one", Tone::Bad)}, {.colour = false}), Not(HasSubstr("\033")));
}

TEST(Page, ADrawingGivesUpItsNotesForWordsBelow) {
  Page page;
  page.drawing({.rows = {{"-->", "peer"}}, .in_words = {.label = {.text = "ENDS BY"}, .runs = {"the peer"}}});
  EXPECT_EQ(text_of(page, {}), "           -->  peer\n");
  EXPECT_EQ(text_of(page, {.width = 8}), "  -->\nENDS BY    the\n           peer\n");
}

}  // namespace
}  // namespace whywait::render
