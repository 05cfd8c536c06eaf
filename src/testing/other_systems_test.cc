// What is said of a dump of another system is said in words of that system: none of its screens names what
// only Linux has.
#include "compare/dumps.h"
#include "core/selection.h"
#include "diagnose/portrait.h"
#include "render/comparison.h"
#include "render/listing.h"
#include "render/page_text.h"
#include "render/portrait.h"
#include "render/report.h"
#include "render/steps.h"
#include "sources/pasted/dump.h"
#include "sources/pasted/printed_test.h"
#include "testing/reading.h"

#include <set>

#include <gmock/gmock.h>

namespace whywait::testing {
namespace {

using namespace std::chrono_literals;

// Where sudo is in the table of what a system has, it is right.
bool has_sudo(System system) { return system == System::MacOs || system == System::FreeBsd; }

void expect_words_of(const Facts& facts, std::string_view screen, std::string_view what) {
  for (const std::string_view word :
       {"/proc", "SOCK_", "prlimit", "systemd", "systemctl", "cgroup", "gdb", "strace", "sudo"}) {
    if (word == "sudo" && has_sudo(facts.system)) continue;
    const auto at = screen.find(word);
    if (at == std::string_view::npos) continue;
    const auto from = at < 200 ? 0 : at - 200;
    ADD_FAILURE() << facts.source << ", " << what << ": " << screen.substr(from, 300);
  }
}

Facts facts_of(const std::string& text) {
  auto facts = pasted::read(reading(text), {}).facts;
  facts.file = "dump.txt";
  facts.host = "dump.txt";
  facts.taken_at = std::chrono::system_clock::time_point(24h * 365 * 50);
  return facts;
}

// Servers that leak and clients that wait, held by processes where the tool tells that.
Sockets stuck() {
  auto sockets = made_up(4711, 60, false);
  for (size_t i = 0; i < sockets.size(); ++i) {
    auto& s = sockets[i];
    if (s.state == State::Listen || i % 3 == 0) continue;
    s.state = i % 3 == 1 ? State::CloseWait : State::FinWait2;
    if (i % 2 == 0) s.local.port = 8443;
    s.holders = {{.pid = 289, .name = i % 2 == 0 ? "shop" : "java", .fd = static_cast<int32_t>(i)}};
  }
  return sockets;
}

std::string everything_about(const Facts& facts, const Judgement& judgement) {
  const render::Report report{.facts = facts, .judgement = judgement};
  const render::Listing listing{.facts = facts, .judgement = judgement, .rows = select(facts, {})};
  std::string out = render::text_of(report_page(report), {.width = 0}) + report_json(report) +
                    render::text_of(listing_notes(listing), {.width = 0});
  const render::Sink sink = [&](std::string_view part) {
    out += part;
    return true;
  };
  listing_text(listing, {.width = 0}, sink);
  listing_json(listing, sink);
  return out;
}

std::string portraits_of(const Facts& facts, const Judgement& judgement) {
  std::vector<Target> targets = {Port{8443}};
  for (const auto& [pid, process] : facts.processes) targets.emplace_back(pid);
  const auto& c = facts.table.connections.front();
  targets.emplace_back(Ends{c.local, c.remote});
  std::string out;
  for (const auto& target : targets) {
    const auto portrait = make_portrait(facts, judgement, target);
    const render::Inspection inspection{
        .facts = facts, .judgement = judgement, .portrait = portrait, .ways = {}};
    out += render::text_of(render::portrait_page(inspection), {.width = 0}) + portrait_json(inspection);
  }
  return out;
}

std::string comparison_of(const Facts& facts) {
  auto later = facts;
  later.taken_at += 10min;
  const auto both = compare({facts, later}, {}, offer_no_more);
  const render::Compared compared{.comparison = both};
  return render::text_of(comparison_page(compared), {.width = 0}) + comparison_json(compared);
}

TEST(OtherSystems, AreSpokenOfInTheirOwnWords) {
  const auto sockets = stuck();
  std::set<System> systems;
  auto tools = bsd_tools();
  for (auto& tool : windows_tools()) tools.push_back(tool);
  for (const auto& tool : tools) {
    auto facts = facts_of(tool.print(sockets));
    ASSERT_NE(facts.system, System::Linux) << tool.name;
    ASSERT_FALSE(facts.table.connections.empty()) << tool.name;
    systems.insert(facts.system);
    const auto judgement = diagnose(facts, offer_no_more);
    expect_words_of(facts, everything_about(facts, judgement), "the report and the list");
    expect_words_of(facts, portraits_of(facts, judgement), "inspect");
    expect_words_of(facts, comparison_of(facts), "two dumps");
  }
  EXPECT_GE(systems.size(), 7U);
}

TEST(OtherSystems, HaveStepsOfTheirOwn) {
  Facts facts;
  facts.file = "dump.txt";
  facts.dump.emplace();
  facts.processes[Pid{289}] = Process{.pid = Pid{289}, .name = "java"};
  Verdict verdict;
  verdict.finding.culprits = {{.pid = Pid{289}}};
  for (uint8_t i = 0; i <= static_cast<uint8_t>(Remedy::Restart); ++i) {
    const auto remedy = static_cast<Remedy>(i);
    // Nothing but Linux tells that a process is traced or frozen.
    if (remedy != Remedy::Detach && remedy != Remedy::Thaw) verdict.finding.remedy.push_back(remedy);
  }
  for (const auto system : {System::Unknown, System::Windows, System::MacOs, System::FreeBsd, System::OpenBsd,
                            System::NetBsd, System::Solaris, System::Aix, System::HpUx, System::NonStop}) {
    facts.system = system;
    for (const auto& step : render::steps(verdict, facts))
      expect_words_of(facts, step.command + "   " + step.note, "a step");
  }
}

}  // namespace
}  // namespace whywait::testing
