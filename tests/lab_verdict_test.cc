// Scenarios of the lab, through the real binary: the fault is named, its healthy control is not.
#include "harness.h"
#include "lab/lab.h"

#include <algorithm>
#include <array>
#include <future>
#include <iterator>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace whywait::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

// What the report says of a scenario beside its cause.
struct Expected {
  Cause cause;
  std::string_view who = "lab-server";
  size_t processes = 1;
  std::string_view acts = "process";
  bool is_all = true;               // nothing else is undecided
  std::string_view end_of_chain{};  // who is to blame for it
  std::string_view look = "200ms";  // as long as the pattern takes to show
  bool needs_bpf = false;           // an ordinary user cannot know of it
};

constexpr std::array kExpected = {
    Expected{.cause = Cause::NotAccepted},
    Expected{.cause = Cause::NotRead},
    Expected{.cause = Cause::NotClosed},
    Expected{.cause = Cause::HeldElsewhere, .who = "lab-worker", .processes = 2},
    Expected{.cause = Cause::IdlePool, .who = "lab-client", .acts = "nobody"},
    Expected{.cause = Cause::HalfClose, .acts = "nobody", .look = "1s"},
    // Whether the backend is not still making an answer cannot be told.
    Expected{.cause = Cause::RelayWaiting,
             .who = "lab-relay",
             .acts = "peer",
             .is_all = false,
             .end_of_chain = "lab-backend"},
    Expected{.cause = Cause::BlockedWriter, .acts = "peer", .end_of_chain = "lab-client"},
    Expected{.cause = Cause::RequestUnread},
    Expected{.cause = Cause::DeadDescriptor, .needs_bpf = true},
    Expected{.cause = Cause::PeerNotClosed, .acts = "peer", .is_all = false, .end_of_chain = "lab-client"},
};

const Expected& expected(Cause cause) {
  return *std::find_if(kExpected.begin(), kExpected.end(),
                       [&](const Expected& e) { return e.cause == cause; });
}

// In a row: what goes well once may be luck.
constexpr int kTimes = 3;

struct Played {
  Result fault;
  Result control;
  Result fault_as_nobody;
};

Result play(Cause cause, bool control, bool as_nobody) {
  std::vector<std::string> arguments = {"lab", std::string(id(cause)), "--json", "--look",
                                        std::string(expected(cause).look)};
  if (control) arguments.emplace_back("--control");
  return whywait(arguments, {.as_nobody = as_nobody});
}

std::string name_of(Cause cause, int time) {
  std::string out(id(cause));
  std::replace(out.begin(), out.end(), '-', '_');
  return out + "_" + std::to_string(1 + time);
}

// The filter of the run leaves this test in. What nobody looks at is not played.
bool is_selected(std::string_view test, Cause cause, int time) {
  const auto name = std::string(test) + "/" + name_of(cause, time);
  const auto* suite = ::testing::UnitTest::GetInstance()->current_test_suite();
  for (int i = 0; i < suite->total_test_count(); ++i) {
    if (suite->GetTestInfo(i)->name() == name) return suite->GetTestInfo(i)->should_run();
  }
  return false;
}

// All at once: each waits for its connections to grow old.
std::map<Cause, Played> play_all(int time) {
  std::map<Cause, Played> out;
  std::vector<std::future<void>> running;
  const auto run = [&](Result& into, Cause cause, bool control, bool as_nobody) {
    running.push_back(std::async(
        std::launch::async, [&into, cause, control, as_nobody] { into = play(cause, control, as_nobody); }));
  };
  for (const auto& s : lab::all_scenarios()) {
    auto& p = out[s.cause];
    if (is_selected("NamesTheFault", s.cause, time)) run(p.fault, s.cause, false, false);
    if (is_selected("IsSilentOnTheHealthyControl", s.cause, time)) run(p.control, s.cause, true, false);
    if (geteuid() == 0 && is_selected("NamesTheFaultForAnOrdinaryUserToo", s.cause, time))
      run(p.fault_as_nobody, s.cause, false, true);
  }
  for (auto& r : running) r.get();
  return out;
}

const Played& played_at(Cause cause, int time) {
  static std::array<std::map<Cause, Played>, kTimes> played;
  auto& all = played.at(static_cast<size_t>(time));
  if (all.empty()) all = play_all(time);
  return all.at(cause);
}

bool no_namespaces(const Result& r) { return r.status != 0 && r.err.find("namespace") != std::string::npos; }

// The other ends of a scenario are judged as well, in FIN_WAIT_2; it is not about those, unless it says so.
Json without_other_ends(const Json& entries, const lab::Scenario& s) {
  Json out = Json::array();
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(out), [&](const Json& entry) {
    return entry.at("state") != name(State::FinWait2) || s.state == State::FinWait2;
  });
  return out;
}

void expect_fault(const Result& r, const lab::Scenario& s) {
  ASSERT_EQ(r.status, 0) << r.err;
  const auto report = Json::parse(r.out);
  const auto& e = expected(s.cause);
  EXPECT_THAT(without_other_ends(report.at(s.is_harmless ? "findings" : "normal"), s), IsEmpty()) << r.out;
  const auto found = without_other_ends(report.at(s.is_harmless ? "normal" : "findings"), s);
  ASSERT_THAT(found, SizeIs(1)) << r.out;
  const auto& f = found[0];
  EXPECT_EQ(f.at("cause"), id(s.cause));
  EXPECT_EQ(f.at("state"), name(s.state));
  EXPECT_EQ(f.at("count"), s.connections);
  EXPECT_EQ(f.at("acts"), e.acts);
  EXPECT_EQ(f.at("fault"), !s.is_harmless);
  ASSERT_THAT(f.at("processes"), SizeIs(e.processes));
  EXPECT_EQ(f.at("processes")[0].at("name"), e.who);
  if (s.state == State::CloseWait && !s.is_harmless && s.cause != Cause::BlockedWriter) {
    EXPECT_GE(f.at("age").at("oldest").at("at_least_s"), 2);
  }
  EXPECT_FALSE(f.at("evidence").empty());
  EXPECT_TRUE(s.is_harmless || !f.at("remedy").empty());
  if (e.is_all) {
    EXPECT_THAT(without_other_ends(report.at("undecided"), s), IsEmpty()) << r.out;
  }
  if (!e.end_of_chain.empty()) {
    ASSERT_FALSE(f.at("wait_chain").empty()) << r.out;
    EXPECT_EQ(f.at("wait_chain").back().at("to").at("name"), e.end_of_chain);
  }
}

class Verdict : public ::testing::TestWithParam<std::tuple<lab::Scenario, int>> {
 protected:
  const lab::Scenario& scenario() { return std::get<0>(GetParam()); }
  const Played& played() { return played_at(scenario().cause, std::get<1>(GetParam())); }
};

TEST_P(Verdict, NamesTheFault) {
  if (no_namespaces(played().fault)) GTEST_SKIP() << played().fault.err;
  expect_fault(played().fault, scenario());
}

TEST_P(Verdict, IsSilentOnTheHealthyControl) {
  if (no_namespaces(played().control)) GTEST_SKIP() << played().control.err;
  ASSERT_EQ(played().control.status, 0) << played().control.err;
  const auto report = Json::parse(played().control.out);
  EXPECT_THAT(report.at("findings"), IsEmpty()) << played().control.out;
  EXPECT_THAT(without_other_ends(report.at("normal"), scenario()), IsEmpty()) << played().control.out;
  EXPECT_THAT(without_other_ends(report.at("undecided"), scenario()), IsEmpty()) << played().control.out;
}

TEST_P(Verdict, NamesTheFaultForAnOrdinaryUserToo) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become an ordinary user; NamesTheFault runs as one here";
  if (no_namespaces(played().fault_as_nobody)) GTEST_SKIP() << played().fault_as_nobody.err;
  if (expected(scenario().cause).needs_bpf) {
    ASSERT_EQ(played().fault_as_nobody.status, 0) << played().fault_as_nobody.err;
    EXPECT_THAT(Json::parse(played().fault_as_nobody.out).at("findings"), IsEmpty());
    return;
  }
  expect_fault(played().fault_as_nobody, scenario());
}

INSTANTIATE_TEST_SUITE_P(Lab, Verdict,
                         ::testing::Combine(::testing::ValuesIn(lab::all_scenarios().begin(),
                                                                lab::all_scenarios().end()),
                                            ::testing::Range(0, kTimes)),
                         [](const auto& scenario) {
                           return name_of(std::get<0>(scenario.param).cause, std::get<1>(scenario.param));
                         });

}  // namespace
}  // namespace whywait::testing
