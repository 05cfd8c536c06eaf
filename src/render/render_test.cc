#include "render/explain.h"
#include "render/page_text.h"
#include "render/report.h"
#include "render/state_words.h"
#include "render/words.h"
#include "testing/prose.h"
#include "testing/world.h"
#include "testing/worlds.h"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;
using namespace std::chrono_literals;
using whywait::testing::prose_of;
using whywait::testing::World;

std::string report_of(const Facts& facts, const Style& style = {}) {
  const auto j = judge(facts);
  return text_of(report_page({.facts = facts, .judgement = j}), style);
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

size_t widest_line(std::string_view text) {
  size_t most = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    most = std::max(most, width(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  return most;
}

TEST(Report, EveryWorldFitsEveryWidth) {
  for (const auto& world : whywait::testing::all_worlds()) {
    const auto j = judge(world.facts);
    for (const size_t columns : {40U, 72U, 200U}) {
      const auto out = report_of(world.facts, {.width = columns});
      EXPECT_FALSE(out.empty());
      const auto prose =
          text_of(prose_of(report_page({.facts = world.facts, .judgement = j})), {.width = columns});
      EXPECT_LE(widest_line(prose), columns) << world.name;
    }
  }
}

TEST(Report, EveryWorldIsJsonToTheContract) {
  for (const auto& world : whywait::testing::all_worlds()) {
    const auto j = judge(world.facts);
    const auto report = Json::parse(report_json({.facts = world.facts, .judgement = j}));
    EXPECT_EQ(report.at("schema"), "whywait.report/2");
    const auto faults = (world.expected.fault ? 1U : 0U) + (world.expected.fault_of_peer ? 1U : 0U);
    EXPECT_EQ(report.at("findings").size(), faults) << world.name;
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
  EXPECT_THAT(report_of(facts), HasSubstr("NOT SEEN   2 network namespaces (needs root)\n"
                                          "           sudo whywait   # run as root\n"));
  facts.as_root = true;
  EXPECT_THAT(report_of(facts),
              HasSubstr("2 network namespaces (permission denied, even as root): run outside"));
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
    EXPECT_THAT(text_of(explain_page(state), {}), HasSubstr(std::string(name(state))));
  for (const auto cause : kAllCauses) {
    EXPECT_THAT(text_of(explain_page(cause), {}), HasSubstr(std::string(id(cause))));
    EXPECT_EQ(Json::parse(explain_json(cause)).at("cause"), id(cause));
  }
  EXPECT_FALSE(parse_word("nonsense"));
}

// A narrow page gives up the movers beside the drawing, then the drawing, and says it in words instead.
TEST(Explain, EveryWayOutIsOnEveryPage) {
  for (const auto state : kAllStates) {
    for (const size_t columns : {40U, 60U, 80U, 100U}) {
      const auto out = text_of(explain_page(state), {.width = columns});
      const auto prose = text_of(prose_of(explain_page(state)), {.width = columns});
      EXPECT_LE(widest_line(prose), columns) << name(state) << "\n" << prose;
      EXPECT_THAT(out, HasSubstr("--> ")) << name(state);
    }
    const auto narrow = text_of(explain_page(state), {.width = 20});
    EXPECT_THAT(narrow, Not(HasSubstr("--> ")));
    for (const auto& t : transitions_from(state)) {
      const auto way = fmt::format("{} -> {}", in_words(t.event), name(t.to));
      EXPECT_THAT(ends_by(state), HasSubstr(way));
      EXPECT_THAT(text_of(explain_page(state), {.width = 0}),
                  HasSubstr(std::string(in_words(mover_of(t.event)))));
    }
  }
}

TEST(Explain, DrawsTheWaysInAndOut) {
  EXPECT_THAT(text_of(explain_page(State::LastAck), {.width = 45}),
              HasSubstr("CLOSE_WAIT -- close/shutdown -.\n"
                        "                                v\n"
                        "  .---------------------- LAST_ACK\n"
                        "  +-- ACK of FIN ------> CLOSED\n"
                        "  +-- abort -----------> CLOSED\n"
                        "  +-- RST -------------> CLOSED\n"
                        "  +-- repeats in vain -> CLOSED\n"
                        "  '-- over a limit ----> CLOSED (Linux)\n"));
}

TEST(Explain, SaysWhoseActionAndWhatTheOtherEndIsIn) {
  EXPECT_THAT(text_of(explain_page(State::CloseWait), {.width = 0}),
              AllOf(HasSubstr("WHOSE MOVE the application here\n"),
                    HasSubstr("OTHER END  FIN_WAIT_2 until the application here acts; CLOSED"),
                    HasSubstr("in passing FIN_WAIT_1. No other.")));
  EXPECT_THAT(text_of(explain_page(State::FinWait2), {.width = 0}),
              HasSubstr("CLOSE_WAIT until the peer's application acts"));
}

TEST(Explain, StateIsJsonToTheContract) {
  for (const auto state : kAllStates) {
    const auto j = Json::parse(explain_json(state));
    for (const auto* key : {"schema", "state", "what", "ends_by", "whose_move", "how_long", "beware", "names",
                            "causes", "ways_in", "ways_out", "other_end", "said"})
      EXPECT_TRUE(j.contains(key)) << name(state) << " " << key;
    EXPECT_EQ(j.at("ways_out").size(), transitions_from(state).size());
  }
  const auto j = Json::parse(explain_json(State::CloseWait));
  EXPECT_EQ(j.at("ways_out")[0], Json::parse(R"({"to": "LAST_ACK", "event": "close", "orderly": true,
      "mover": "application", "sends": "FIN", "standing": "everywhere", "source": "RFC 9293 3.10.4"})"));
  EXPECT_EQ(j.at("other_end")[2],
            Json::parse(R"({"state": "FIN_WAIT_2", "can_last": true, "ended_by": "local"})"));
}

}  // namespace
}  // namespace whywait::render
