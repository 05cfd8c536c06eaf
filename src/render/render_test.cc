#include "render/explain.h"
#include "render/page.h"
#include "render/report.h"
#include "render/words.h"
#include "testing/world.h"
#include "testing/worlds.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;
using namespace std::chrono_literals;
using whywait::testing::World;

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

TEST(Page, WrapsAtItsWidthUnderItsLabel) {
  EXPECT_EQ(labelled("WHY", "one two three", {.width = 20}), "WHY        one two\n           three\n");
  EXPECT_EQ(labelled("WHY", "one two three", {.width = 0}), "WHY        one two three\n");
}

TEST(Page, Numbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(plural(1, "peer"), "1 peer");
  EXPECT_EQ(plural(1000, "peer"), "1,000 peers");
}

TEST(Page, Durations) {
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

TEST(Page, TimesAreUtc) {
  EXPECT_EQ(rfc3339(std::chrono::system_clock::time_point(1234ms)), "1970-01-01T00:00:01.234Z");
}

std::string report_of(const Facts& facts, const Style& style = {}) {
  const auto j = judge(facts);
  return report_text({.facts = facts, .judgement = j}, style);
}

World leak() {
  World w;
  w.process(2817, "payments").listener(8443, {2817});
  w.edit(2817).unit = "payments.service";
  w.edit(2817).descriptors = Descriptors{.open = 5004, .pipes = 0, .limit = 8192};
  return w.close_wait({.count = 4812, .port = 8443, .pids = {2817}, .recv_q = 0});
}

TEST(Report, LeadsWithWhoMustActAndWhy) {
  EXPECT_THAT(
      report_of(leak().facts()),
      AllOf(HasSubstr("WARNING    box: payments (pid 2817, payments.service) does not close its connections"),
            HasSubstr("4,812 CLOSE_WAIT on :8443, oldest 20 s; descriptors 5,004 of 8,192"),
            HasSubstr("not-closed, likely"), HasSubstr("nobody calls close()"), HasSubstr("RULED OUT"),
            HasSubstr("NEXT")));
}

TEST(Report, EveryWorldFitsEveryWidth) {
  for (const auto& world : whywait::testing::all_worlds()) {
    for (const size_t columns : {40U, 72U, 200U}) {
      const auto out = report_of(world.facts, {.width = columns});
      EXPECT_FALSE(out.empty());
      size_t from = 0;
      for (auto to = out.find('\n'); to != std::string::npos; to = out.find('\n', from)) {
        EXPECT_LE(width(std::string_view(out).substr(from, to - from)), columns) << world.name;
        from = to + 1;
      }
    }
  }
}

TEST(Report, EveryWorldIsJsonToTheContract) {
  for (const auto& world : whywait::testing::all_worlds()) {
    const auto j = judge(world.facts);
    const auto report = Json::parse(report_json({.facts = world.facts, .judgement = j}));
    EXPECT_EQ(report.at("schema"), "whywait.report/1");
    EXPECT_EQ(report.at("findings").size(), world.expected.fault ? 1U : 0U) << world.name;
    for (const auto& f : report.at("findings")) {
      for (const auto* key :
           {"id",          "cause",     "fault",         "severity", "confidence", "state",
            "count",       "processes", "process_total", "unit",     "container",  "netns",
            "local_ports", "remote",    "remote_total",  "acts",     "blocked_on", "wait_chain",
            "age",         "growth",    "exhausts",      "evidence", "ruled_out",  "remedy"}) {
        EXPECT_TRUE(f.contains(key)) << world.name << " " << key;
      }
    }
    for (const auto& v : j.faults) EXPECT_FALSE(what_it_does(v).empty());
    for (const auto& u : report.at("undecided")) {
      EXPECT_FALSE(u.at("candidates").empty());
      EXPECT_FALSE(u.at("missing").empty()) << world.name;  // says what would tell
    }
  }
}

TEST(Report, HostileNamesAreHarmless) {
  World w;
  w.process(1, "\033]0;x\a\n").listener(80, {1});
  w.edit(1).unit = "u\033[0m.service";
  w.edit(1).container = "\xff";
  const auto facts = w.close_wait({.count = 9, .port = 80, .pids = {1}}).facts();
  const auto out = report_of(facts);
  EXPECT_THAT(out, AllOf(HasSubstr("\\x1b]0;x\\x07\\x0a (pid 1, u\\x1b[0m.service, container \\xff)"),
                         Not(HasSubstr("\033")), Not(HasSubstr("\a"))));
  const auto j = judge(facts);
  EXPECT_EQ(Json::parse(report_json({.facts = facts, .judgement = j}))
                .at("findings")[0]
                .at("processes")[0]
                .at("name"),
            "\033]0;x\a\n");
}

TEST(Report, SaysWhatItDidNotSee) {
  auto facts = leak().facts();
  facts.gaps.push_back({.what = Gap::What::Namespaces, .why = Missing::Denied, .count = 2});
  EXPECT_THAT(report_of(facts),
              HasSubstr("NOT SEEN   2 network namespaces (needs root): run as root: sudo whywait"));
  facts.as_root = true;
  EXPECT_THAT(report_of(facts), HasSubstr("2 network namespaces (refused to root): run outside"));
}

TEST(Report, UndecidedSaysWhatWouldTell) {
  World w;
  w.process(1, "client");
  const auto out =
      report_of(w.close_wait({.count = 40, .client = true, .pids = {1}, .peer = PeerEnd::Unseen}).facts());
  EXPECT_THAT(out, AllOf(HasSubstr("NOTICE"), HasSubstr("UNDECIDED  40 CLOSE_WAIT"),
                         HasSubstr("not-read or idle-pool"), HasSubstr("use the client once")));
}

TEST(Explain, SaysSomethingOfEveryWord) {
  for (const auto state : kAllStates)
    EXPECT_THAT(explain_text(state, {}), HasSubstr(std::string(name(state))));
  for (const auto cause : kAllCauses) {
    EXPECT_THAT(explain_text(cause, {}), HasSubstr(std::string(id(cause))));
    EXPECT_EQ(Json::parse(explain_json(cause)).at("cause"), id(cause));
  }
  EXPECT_FALSE(parse_word("nonsense"));
}

}  // namespace
}  // namespace whywait::render
