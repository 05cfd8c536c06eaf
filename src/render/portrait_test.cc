#include "render/portrait.h"

#include "render/page_text.h"
#include "testing/prose.h"
#include "testing/world.h"
#include "testing/worlds.h"

#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;
using whywait::testing::prose_of;
using whywait::testing::World;
using namespace std::chrono_literals;

struct Shown {
  std::string text;
  std::string prose;
  Json json;
};

Shown shown(const Facts& facts, const Target& target, const Style& style = {}) {
  const auto judgement = judge(facts);
  const auto portrait = make_portrait(facts, judgement, target);
  const std::vector<std::string> ways = {"sockets: told by a test"};
  const Inspection in{.facts = facts, .judgement = judgement, .portrait = portrait, .ways = ways};
  const auto json = portrait_json(in);
  for (const char c : json) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
  const auto page = portrait_page(in);
  return {text_of(page, style), text_of(prose_of(page), style), Json::parse(json)};
}

World leak() {
  World w;
  w.process(2817, "payments", {{}, {.call = Call::Futex}}).listener(8443, {2817}, 3);
  w.edit(2817).unit = "payments.service";
  w.edit(2817).command_line = "/usr/bin/payments --serve";
  w.edit(2817).descriptors = Descriptors{.open = 5004, .pipes = 2, .limit = 8192};
  return w.close_wait({.count = 812, .port = 8443, .pids = {2817}, .recv_q = 0}).made_connection(2817);
}

TEST(PortraitText, TellsAllOfAProcess) {
  EXPECT_THAT(
      shown(leak().facts(), Pid{2817}, {.width = 200}).text,
      AllOf(HasSubstr("PROCESS    payments (pid 2817, payments.service) [/proc/PID]"),
            HasSubstr("runs /usr/bin/payments --serve"),
            HasSubstr("LIMITS     5,004 of 8,192 descriptors open [/proc/PID/fd]"),
            HasSubstr("814 of TCP sockets, 2 of pipes to other processes, 4,188 of anything else"),
            HasSubstr("THREADS    2 threads; 0 ms of CPU in 200 ms"), HasSubstr("1 sleeping in futex()"),
            HasSubstr("SOCKETS    814 TCP sockets: 1 LISTEN, 1 ESTABLISHED, 812 CLOSE_WAIT [socket table]"),
            HasSubstr("LISTENERS  0.0.0.0:8443: accept queue 3 of 128; held by payments[2817]:10"),
            HasSubstr("SERVICES   on :8443: 812 CLOSE_WAIT; from 127.0.0.1 (812)"),
            HasSubstr("to 10.9.8.7:5432: 1 ESTABLISHED"), HasSubstr("EPOLL      cannot tell, because"),
            HasSubstr("812: the other end, on this host, is gone"),
            HasSubstr("does not close its connections"), HasSubstr("nobody calls close()"),
            HasSubstr("READ BY    sockets: told by a test"), HasSubstr("NEXT       ")));
}

TEST(PortraitText, TellsAllOfAConnection) {
  const auto facts = leak().facts();
  const auto& c = facts.table.connections[1];
  EXPECT_THAT(shown(facts, Ends{c.remote, c.local}, {.width = 200}).text,
              AllOf(HasSubstr("CONNECTION 127.0.0.1:8443 to 127.0.0.1:40001: CLOSE_WAIT [socket table]"),
                    HasSubstr("held by payments[2817]:10 [/proc/PID/fd]"), HasSubstr("Recv-Q 0, Send-Q 0"),
                    HasSubstr("in this state for 20 s"), HasSubstr("[tcp_info]"),
                    HasSubstr("unchanged 200 ms later [second look at the socket table]"),
                    HasSubstr("PROCESS    payments")));
}

TEST(PortraitText, NextIsAboutTheProcessThatWasAskedAbout) {
  World w;
  for (const int pid : {101, 102}) {
    w.process(pid, "worker").listener(8080, {pid}).close_wait({.count = 9, .pids = {pid}, .recv_q = 0});
  }
  EXPECT_THAT(shown(w.facts(), Pid{102}).text, HasSubstr("NEXT       gdb -p 102 "));
}

TEST(PortraitText, SaysWhyAFactIsNotThere) {
  World w;
  w.process(1, "secret");
  w.edit(1).descriptors = tl::unexpected(Missing::Denied);
  auto facts = w.facts();
  facts.threads.at(Pid{1}) = tl::unexpected(Missing::Denied);
  const auto out = shown(facts, Pid{1}, {.width = 200});
  EXPECT_THAT(out.text, AllOf(HasSubstr("SOCKETS    cannot tell, because it needs root [/proc/PID/fd]"),
                              HasSubstr("descriptors: cannot tell, because it needs root"),
                              HasSubstr("THREADS    cannot tell, because it needs root [/proc/PID/task]")));
  EXPECT_EQ(out.json.at("sockets").at("missing"), "it needs root");
  EXPECT_EQ(out.json.at("processes")[0].at("threads").at("missing"), "it needs root");
  facts.as_root = true;
  EXPECT_THAT(shown(facts, Pid{1}).text, HasSubstr("permission is denied, even to root"));
}

TEST(PortraitText, HostileBytesAreHarmless) {
  World w;
  w.process(1, "\033]0;x\a\n").listener(80, {1});
  w.edit(1).unit = "u\033[0m.service";
  w.edit(1).container = "\xff";
  w.edit(1).command_line = "\033[2J\nVERDICT    nothing " + std::string(4000, '\x9b');
  w.threads(1).list[0].wait_channel = std::string("\033[31m");
  const auto facts = w.close_wait({.count = 9, .port = 80, .pids = {1}}).facts();
  for (const auto& target : {Target(Pid{1}), Target(Port{80})}) {
    const auto out = shown(facts, target, {.width = 80});
    EXPECT_THAT(out.text, AllOf(Not(HasSubstr("\033")), Not(HasSubstr("\a")), Not(HasSubstr("\x9b")),
                                Not(HasSubstr("\nVERDICT    nothing"))));
    EXPECT_LT(out.text.size(), 6000U);
    EXPECT_EQ(out.json.at("processes")[0].at("name"), "\033]0;x\a\n");
  }
}

TEST(PortraitText, EveryWorldFitsEveryWidthAndIsJson) {
  for (const auto& world : whywait::testing::all_worlds()) {
    for (const auto& target : {Target(Pid{100}), Target(Port{8080})}) {
      for (const size_t columns : {40U, 72U, 200U}) {
        const auto out = shown(world.facts, target, {.width = columns});
        EXPECT_EQ(out.json.at("schema"), "whywait.portrait/1");
        std::istringstream lines(out.prose);
        for (std::string line; std::getline(lines, line);) EXPECT_LE(width(line), columns) << line;
      }
    }
  }
}

TEST(PortraitJson, OfAProcess) {
  const auto j = shown(leak().facts(), Pid{2817}).json;
  for (const auto* key : {"host", "boot_id", "taken_at", "took_ms", "source", "read_by", "target",
                          "processes", "process_total", "sockets", "services", "service_total", "listeners",
                          "connections", "no_holder", "other_ends", "wait_chain", "verdicts", "not_seen"}) {
    EXPECT_TRUE(j.contains(key)) << key;
  }
  EXPECT_EQ(j.at("target"), (Json{{"kind", "process"}, {"pid", 2817}}));
  EXPECT_EQ(j.at("processes")[0].at("descriptors").at("sockets").at("tcp"), 814);
  EXPECT_EQ(j.at("verdicts")[0].at("cause"), "not-closed");
}

}  // namespace
}  // namespace whywait::render
