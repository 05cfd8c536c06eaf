#include "sources/pasted/lines.h"

#include "testing/reading.h"

#include <gmock/gmock.h>

namespace whywait::pasted {
namespace {

using testing::CleanLines;
using ::testing::ElementsAre;
using testing::reading;

std::vector<std::string> texts(std::string_view bytes, size_t at_a_time = SIZE_MAX) {
  std::vector<std::string> out;
  CleanLines lines(reading(bytes, at_a_time));
  while (const auto line = lines.next()) out.emplace_back(line->text);
  return out;
}

std::string one(std::string_view bytes) {
  const auto all = texts(bytes);
  return all.size() == 1 ? all[0] : "not one line";
}

TEST(Lines, EndAsOnEverySystem) {
  EXPECT_THAT(texts("a\nb\r\n\nc"), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(texts("a\n"), ElementsAre("a"));
  EXPECT_THAT(texts("\n"), ElementsAre(""));
  EXPECT_THAT(texts(""), ElementsAre());
}

TEST(Lines, ShorterThanAMarkAreLines) {
  for (const size_t at_a_time : {1UL, 2UL, SIZE_MAX}) {
    EXPECT_THAT(texts("a", at_a_time), ElementsAre("a"));
    EXPECT_THAT(texts("a\nb", at_a_time), ElementsAre("a", "b"));
    EXPECT_THAT(texts("\n\n\n", at_a_time), ElementsAre("", "", ""));
  }
}

TEST(Lines, AreNumberedAndKeptAsTheyCame) {
  CleanLines lines(reading("> one\r\n\ttwo"));
  auto line = lines.next();
  EXPECT_EQ(line->number, 1U);
  EXPECT_EQ(line->text, " one");
  EXPECT_EQ(line->raw.text, "> one\r");
  line = lines.next();
  EXPECT_EQ(line->number, 2U);
  EXPECT_EQ(line->text, " two");
  EXPECT_EQ(line->raw.text, "\ttwo");
  EXPECT_FALSE(lines.next());
}

// The blanks behind them stay.
TEST(Lines, MarksBeforeThemAreTakenAway) {
  EXPECT_EQ(one("> a b"), " a b");
  EXPECT_EQ(one(">> > a"), " a");
  EXPECT_EQ(one(">a"), "a");
  EXPECT_EQ(one("| a"), " a");
  EXPECT_EQ(one("# a"), " a");
  EXPECT_EQ(one("> | # a"), " a");
  EXPECT_EQ(one("| tcp | 0 | CLOSE_WAIT |"), "  tcp   0   CLOSE_WAIT");
  EXPECT_EQ(one("#TYPE x"), "#TYPE x");  // of CSV
  EXPECT_EQ(one("|a"), "|a");
  EXPECT_EQ(one(">"), "");
  // What is indented stays so: it tells a component of Windows from a program.
  EXPECT_EQ(one(" [shop.exe]"), " [shop.exe]");
}

TEST(Lines, EscapeSequencesAreTakenAway) {
  EXPECT_EQ(one("a \x1b[01;31m\x1b[KCLOSE_WAIT\x1b[m\x1b[K b"), "a CLOSE_WAIT b");
  EXPECT_EQ(one("\x1b]0;root@web\x07tcp"), "tcp");
  EXPECT_EQ(one("\x1b]8;;http://x\x1b\\tcp"), "tcp");
  EXPECT_EQ(one("\x1b(Btcp"), "Btcp");
  EXPECT_EQ(one("tcp\x1b"), "tcp");
  EXPECT_EQ(one("tcp\x1b[31"), "tcp");
  EXPECT_EQ(one("tcp\x1b]0;no end"), "tcp");
}

TEST(Lines, MarkupBecomesWhatItMeans) {
  EXPECT_EQ(one("10.0.0.1:1-&gt;10.0.0.2:2"), "10.0.0.1:1->10.0.0.2:2");
  EXPECT_EQ(one("a&#62;b &lt;x&#60; &amp;gt; &quot;q&quot; &#39;"), "a>b <x< &gt; \"q\" '");
  EXPECT_EQ(one("a<br>b<br />c&nbsp;d"), "a b c d");
  EXPECT_EQ(one("x\xc2\xa0y"), "x y");
  EXPECT_EQ(one("\xc2"), "\xc2");
  EXPECT_EQ(one("a & b &unknown; <td class=\"x\">c</td> 1 < 2, <->"), "a & b &unknown;  c  1 < 2, <->");
}

TEST(Lines, ControlCharactersBecomeBlanks) {
  EXPECT_EQ(one("a\tb\vc\x7f"
                "d\x01"),
            "a b c d");
  EXPECT_EQ(one("a\rb"), "a b");
}

TEST(Lines, OfUtf16WithAMark) {
  EXPECT_THAT(texts(std::string_view("\xff\xfe"
                                     "a\0\n\0b\0\r\0\n\0",
                                     12)),
              ElementsAre("a", "b"));
  EXPECT_THAT(texts(std::string_view("\xfe\xff\0a\0\n\0b", 8)), ElementsAre("a", "b"));
  EXPECT_THAT(texts("\xef\xbb\xbf"
                    "a\nb"),
              ElementsAre("a", "b"));
}

TEST(Lines, OfUtf16WithoutAMark) {
  EXPECT_THAT(texts(std::string_view("t\0c\0p\0\n\0", 8)), ElementsAre("tcp"));
  EXPECT_THAT(texts(std::string_view("\0t\0c\0p\0\n", 8)), ElementsAre("tcp"));
}

TEST(Lines, OfUtf16BeyondTheFirstPlane) {
  // An umlaut, and a character that takes two units.
  EXPECT_EQ(one(std::string_view("\xff\xfe\xd6\0\x3d\xd8\x00\xde", 8)), "\xc3\x96\xf0\x9f\x98\x80");
  // Halves of a pair without the other.
  EXPECT_EQ(one(std::string_view("\xff\xfe\x3d\xd8x\0\x00\xde", 8)), "\xef\xbf\xbdx\xef\xbf\xbd");
  // A byte that is left over is none of it.
  EXPECT_EQ(one(std::string_view("\xff\xfe"
                                 "a\0b",
                                 5)),
            "a");
}

TEST(Lines, ComeTheSameInPieces) {
  const std::string_view bytes(
      "\xff\xfe"
      "a\0\n\0\x3d\xd8\x00\xde\n\0c\0",
      14);
  for (const size_t at_a_time : {1UL, 2UL, 3UL, 5UL})
    EXPECT_EQ(texts(bytes, at_a_time), texts(bytes)) << at_a_time;
}

TEST(Lines, WithNulAreBinary) {
  CleanLines lines(reading(std::string_view("plain\nx\0y\n", 10)));
  EXPECT_FALSE(lines.next()->binary);
  EXPECT_TRUE(lines.next()->binary);
}

TEST(Lines, BeyondTheLongestArePassedOver) {
  const std::string longest(Lines::kLongest, 'x');
  std::string bytes = longest + "y\n";
  for (int i = 0; i < 3; ++i) bytes += longest;
  bytes += "\nnext\n" + longest;
  CleanLines lines(reading(bytes));
  auto line = lines.next();
  EXPECT_TRUE(line->raw.too_long);
  EXPECT_EQ(line->text.size(), Lines::kLongest);
  line = lines.next();
  EXPECT_TRUE(line->raw.too_long);
  EXPECT_EQ(line->text.size(), Lines::kLongest);
  line = lines.next();
  EXPECT_FALSE(line->raw.too_long);
  EXPECT_EQ(line->text, "next");
  line = lines.next();
  EXPECT_FALSE(line->raw.too_long);
  EXPECT_EQ(line->text.size(), Lines::kLongest);
  EXPECT_FALSE(lines.next());
}

}  // namespace
}  // namespace whywait::pasted
