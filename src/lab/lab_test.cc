#include "lab/lab.h"

#include "lab/child.h"
#include "lab/stage.h"
#include "testing/lab_look.h"

#include <filesystem>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::HasSubstr;
using testing::SizeIs;

namespace fs = std::filesystem;

class Network : public ScenarioTest {};
class Actors : public VariantTest {};
INSTANTIATE_TEST_SUITE_P(Lab, Network, testing::ValuesIn(all_scenarios()), name_of_scenario);
INSTANTIATE_TEST_SUITE_P(Lab, Actors,
                         testing::Combine(testing::ValuesIn(all_scenarios()),
                                          testing::Values(Variant::Fault, Variant::Control)),
                         name_of_variant);

TEST_P(Network, OfTheHostIsUntouched) {
  const std::string host = fs::read_symlink("/proc/self/ns/net");
  const std::string caller = std::to_string(::getpid());
  const std::string seen = observe(GetParam(), Variant::Fault, [&](const Scene&) -> std::string {
    std::set<uint64_t> host_inodes;
    for (const SocketLine& line : table_of(caller)) host_inodes.insert(line.inode);
    for (const SocketLine& line : table_of("self")) {
      if (line.inode != 0 && host_inodes.contains(line.inode)) return "a socket is in the host's table";
      if (!line.local.starts_with("0100007F:")) return "a socket is not on loopback";
    }
    return fs::read_symlink("/proc/self/ns/net") == host ? "the stage is in the host's namespace" : "apart";
  });
  EXPECT_EQ(seen, "apart");
  EXPECT_EQ(fs::read_symlink("/proc/self/ns/net"), host);
}

TEST_P(Actors, HoldNoDescriptorOfTheCaller) {
  const auto& [scenario, variant] = GetParam();
  const Pipe pipe = make_pipe();
  const int inherited = ::dup(pipe.in.get());  // without CLOEXEC
  const std::string theirs = fs::read_symlink(fmt::format("/proc/self/fd/{}", inherited));
  const std::string seen = observe(scenario, variant, [&](const Scene&) -> std::string {
    for (const pid_t actor : descendants_of(::getpid())) {
      for (const std::string& target : descriptors_of(actor)) {
        if (target == theirs) return "an actor holds the caller's pipe";
      }
    }
    return "clean";
  });
  EXPECT_EQ(seen, "clean");
  ::close(inherited);
}

// The stage and its actors, told by a body.
std::vector<pid_t> cast() {
  std::vector<pid_t> pids = descendants_of(::getpid());
  pids.push_back(::getpid());
  return pids;
}

std::vector<pid_t> read_pids(const Fd& pipe) {
  std::vector<pid_t> pids;
  for (auto message = hear(pipe, 20s); message && message->number != 0; message = hear(pipe, 20s)) {
    pids.push_back(message->number);
  }
  return pids;
}

void tell_pids(const Fd& pipe) {
  for (const pid_t pid : cast()) tell(pipe, {.number = pid, .trouble = {}});
  tell(pipe, {});
}

TEST_P(Actors, AreGoneAfterANormalEnd) {
  const auto& [scenario, variant] = GetParam();
  const Pipe pipe = make_pipe();
  ASSERT_TRUE(play(scenario, variant, [&](const Scene&) {
    tell_pids(pipe.in);
    return 0;
  }));
  const auto pids = read_pids(pipe.out);
  EXPECT_THAT(pids, SizeIs(Ge(2)));
  for (const pid_t pid : pids) EXPECT_EQ(::kill(pid, 0), -1) << pid;
}

// Whoever outlives the caller is reparented to this process, which so can tell a death from a zombie nobody
// reaps.
struct Subreaper {
  Subreaper() { EXPECT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0); }
  Subreaper(const Subreaper&) = delete;
  Subreaper& operator=(const Subreaper&) = delete;
  ~Subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }
};

bool ends_soon(pid_t pid) {
  for (const Deadline end(5s); !end.passed(); std::this_thread::sleep_for(5ms)) {
    if (::waitpid(pid, nullptr, WNOHANG) != 0 && ::kill(pid, 0) != 0) return true;
  }
  return false;
}

void kill_caller(const Scenario& scenario, Variant variant, int signal) {
  const Subreaper subreaper;
  Pipe pipe = make_pipe();
  const pid_t caller = ::fork();
  if (caller == 0) {
    const auto played = play(scenario, variant, [&](const Scene&) {
      tell_pids(pipe.in);
      std::this_thread::sleep_for(30s);
      return 0;
    });
    if (!played) std::cerr << played.error() << std::endl;
    ::_exit(1);
  }
  pipe.in = Fd();
  const auto pids = read_pids(pipe.out);
  ASSERT_THAT(pids, SizeIs(Ge(2)));
  for (const pid_t pid : pids) ASSERT_EQ(::kill(pid, 0), 0) << pid;
  ASSERT_EQ(::kill(caller, signal), 0);
  EXPECT_TRUE(ends_soon(caller));
  for (const pid_t pid : pids)
    EXPECT_TRUE(ends_soon(pid)) << pid << " " << status_of(std::to_string(pid)).name;
}

TEST_P(Actors, DoNotOutliveAKilledCaller) {
  kill_caller(std::get<Scenario>(GetParam()), std::get<Variant>(GetParam()), SIGKILL);
}

TEST_F(LabTest, NothingOutlivesAnInterruptedCaller) {
  for (const int signal : {SIGTERM, SIGINT}) {
    SCOPED_TRACE(signal);
    kill_caller(all_scenarios().front(), Variant::Fault, signal);
  }
}

TEST_F(LabTest, WorksWhereTheCallerIgnoresItsChildren) {
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  const auto played = play(all_scenarios().front(), Variant::Fault, [](const Scene&) { return 42; });
  ::signal(SIGCHLD, before);
  ASSERT_TRUE(played) << played.error();
  EXPECT_EQ(*played, 42);
}

std::string error_of(SetUp set_up, const Body& body) {
  const auto played = play(Lookalike{.what = "", .connections = 0, .set_up = set_up}, body);
  return played ? "none" : played.error();
}

Scene nothing_stands(Stage&) { return {}; }

Scene client_fails(Stage& stage) {
  stage.run_client([] { throw std::runtime_error("no reason at all"); });
  return {};
}

Scene server_fails(Stage& stage) {
  return stage.start_server([](const Announce&) { throw std::runtime_error("no port"); });
}

Scene server_is_silent(Stage& stage) {
  return stage.start_server([](const Announce&) {});
}

TEST_F(LabTest, ErrorsSayWhatFailedAndWhatToDo) {
  const Body unused = [](const Scene&) { return 0; };
  EXPECT_THAT(error_of(client_fails, unused),
              AllOf(HasSubstr("lab-client failed: no reason at all"), HasSubstr(";")));
  EXPECT_THAT(error_of(server_fails, unused), AllOf(HasSubstr("lab-server failed: no port"), HasSubstr(";")));
  EXPECT_THAT(error_of(server_is_silent, unused),
              AllOf(HasSubstr("server does not start"), HasSubstr("try again")));
  EXPECT_THAT(error_of(nothing_stands, [](const Scene&) -> int { throw std::runtime_error("a bad day"); }),
              HasSubstr("a bad day"));
  EXPECT_THAT(error_of(nothing_stands, [](const Scene&) { return ::raise(SIGKILL); }), HasSubstr("Killed"));
  EXPECT_THAT(error_of(nothing_stands, [](const Scene&) -> int { ::_exit(0); }),
              HasSubstr("without a result"));
}

TEST(Lab, ScenariosDescribeThemselves) {
  std::set<Cause> causes;
  for (const Scenario& scenario : all_scenarios()) {
    EXPECT_TRUE(causes.insert(scenario.cause).second);
    EXPECT_THAT((std::vector{scenario.fault, scenario.control}), Each(testing::EndsWith(".")));
    EXPECT_GT(scenario.connections, 0U);
    EXPECT_LT(scenario.ripens, kStandsFor);
  }
}

}  // namespace
}  // namespace whywait::lab
