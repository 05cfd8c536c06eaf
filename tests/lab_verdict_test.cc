// Scenarios of the lab, through the real binary: the fault is named, its healthy control is not.
#include "harness.h"
#include "lab/lab.h"

#include <algorithm>
#include <array>
#include <future>
#include <map>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace whywait::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

constexpr std::array kJudged = {Cause::NotAccepted, Cause::NotRead, Cause::NotClosed};

std::vector<lab::Scenario> judged() {
  std::vector<lab::Scenario> out;
  for (const auto& s : lab::all_scenarios()) {
    if (std::find(kJudged.begin(), kJudged.end(), s.cause) != kJudged.end()) out.push_back(s);
  }
  return out;
}

struct Played {
  Result fault;
  Result control;
  Result fault_as_nobody;
};

Result play(const std::string& cause, bool control, bool as_nobody) {
  std::vector<std::string> arguments = {"lab", cause, "--json"};
  if (control) arguments.emplace_back("--control");
  return whywait(arguments, {.as_nobody = as_nobody});
}

// All at once: each waits for its connections to grow old.
const std::map<Cause, Played>& all_played() {
  static const auto played = [] {
    std::map<Cause, Played> out;
    std::vector<std::future<void>> running;
    const auto run = [&](Result& into, const std::string& cause, bool control, bool as_nobody) {
      running.push_back(std::async(std::launch::async, [&into, cause, control, as_nobody] {
        into = play(cause, control, as_nobody);
      }));
    };
    for (const auto& s : judged()) {
      auto& p = out[s.cause];
      const std::string cause(id(s.cause));
      run(p.fault, cause, false, false);
      run(p.control, cause, true, false);
      if (geteuid() == 0) run(p.fault_as_nobody, cause, false, true);
    }
    for (auto& r : running) r.get();
    return out;
  }();
  return played;
}

bool no_namespaces(const Result& r) { return r.status != 0 && r.err.find("namespace") != std::string::npos; }

void expect_fault(const Result& r, const lab::Scenario& s) {
  ASSERT_EQ(r.status, 0) << r.err;
  const auto report = Json::parse(r.out);
  ASSERT_THAT(report.at("findings"), SizeIs(1)) << r.out;
  const auto& f = report.at("findings")[0];
  EXPECT_EQ(f.at("cause"), id(s.cause));
  EXPECT_EQ(f.at("state"), name(s.state));
  EXPECT_EQ(f.at("count"), s.connections);
  EXPECT_EQ(f.at("acts"), "process");
  EXPECT_TRUE(f.at("fault"));
  ASSERT_THAT(f.at("processes"), SizeIs(1));
  EXPECT_EQ(f.at("processes")[0].at("name"), "lab-server");
  EXPECT_GE(f.at("age").at("oldest").at("at_least_s"), 2);
  EXPECT_FALSE(f.at("evidence").empty());
  EXPECT_FALSE(f.at("remedy").empty());
  EXPECT_THAT(report.at("undecided"), IsEmpty());
}

class Verdict : public ::testing::TestWithParam<lab::Scenario> {
 protected:
  const Played& played() { return all_played().at(GetParam().cause); }
};

TEST_P(Verdict, NamesTheFault) {
  if (no_namespaces(played().fault)) GTEST_SKIP() << played().fault.err;
  expect_fault(played().fault, GetParam());
}

TEST_P(Verdict, IsSilentOnTheHealthyControl) {
  if (no_namespaces(played().control)) GTEST_SKIP() << played().control.err;
  ASSERT_EQ(played().control.status, 0) << played().control.err;
  const auto report = Json::parse(played().control.out);
  EXPECT_THAT(report.at("findings"), IsEmpty()) << played().control.out;
  EXPECT_THAT(report.at("undecided"), IsEmpty()) << played().control.out;
}

TEST_P(Verdict, NamesTheFaultForAnOrdinaryUserToo) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become an ordinary user; NamesTheFault runs as one here";
  if (no_namespaces(played().fault_as_nobody)) GTEST_SKIP() << played().fault_as_nobody.err;
  expect_fault(played().fault_as_nobody, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Lab, Verdict, ::testing::ValuesIn(judged()), [](const auto& scenario) {
  std::string out(id(scenario.param.cause));
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
});

}  // namespace
}  // namespace whywait::testing
