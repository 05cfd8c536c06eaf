#include "lab/lab.h"

#include "lab/child.h"
#include "lab/private_network.h"
#include "lab/stage.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>
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
using testing::HasSubstr;
using testing::SizeIs;

namespace fs = std::filesystem;

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A row of /proc/PID/net/tcp as text, read apart from the code under test.
struct Line {
  std::string local, remote, state, queues;
  uint64_t inode = 0;

  std::string recv_q() const { return queues.substr(9); }
};

std::vector<Line> table_of(const std::string& pid) {
  std::istringstream table(read_file("/proc/" + pid + "/net/tcp"));
  std::vector<Line> lines;
  std::string text;
  std::getline(table, text);
  while (std::getline(table, text)) {
    std::istringstream fields(text);
    Line line;
    std::string skip;
    fields >> skip >> line.local >> line.remote >> line.state >> line.queues >> skip >> skip >> skip >>
        skip >> line.inode;
    lines.push_back(line);
  }
  return lines;
}

std::vector<Line> close_wait(uint16_t port) {
  std::vector<Line> lines = table_of("self");
  std::erase_if(lines, [&](const Line& line) {
    return line.state != "08" || line.local != fmt::format("0100007F:{:04X}", port);
  });
  return lines;
}

struct Status {
  std::string name;
  char state = '?';
  pid_t parent = 0;
};

Status status_of(const std::string& pid) {
  const std::string stat = read_file("/proc/" + pid + "/stat");
  const auto open = stat.find('(');
  const auto close = stat.rfind(')');
  if (close == std::string::npos) return {};
  Status status{.name = stat.substr(open + 1, close - open - 1)};
  std::istringstream(stat.substr(close + 1)) >> status.state >> status.parent;
  return status;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    pid_t pid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (parsed.ec == std::errc{} && status_of(name).parent == parent) children.push_back(pid);
  }
  return children;
}

std::vector<std::string> descriptors_of(pid_t pid) {
  std::vector<std::string> targets;
  for (const auto& entry : fs::directory_iterator(fmt::format("/proc/{}/fd", pid))) {
    std::error_code error;
    const auto target = fs::read_symlink(entry.path(), error);
    // An actor with traffic opens and closes all the time; any other error is one.
    if (error == std::errc::no_such_file_or_directory) continue;
    if (error) throw fs::filesystem_error("read_symlink", entry.path(), error);
    targets.push_back(target);
  }
  return targets;
}

std::string queue_of(Cause cause) {
  if (cause == Cause::NotAccepted) return "000000C9";  // the request of 200 bytes, and the FIN
  return cause == Cause::NotRead ? "00000001" : "00000000";
}

// Why there can be no private network here; empty where there can.
std::string refusal() {
  Pipe pipe = make_pipe();
  const pid_t probe = ::fork();
  if (probe == 0) {
    try {
      enter_private_network();
    } catch (const std::exception& e) {
      tell(pipe.in, {.number = 1, .trouble = e.what()});
    }
    ::_exit(0);
  }
  pipe.in = Fd();
  ::waitpid(probe, nullptr, 0);
  const auto message = hear(pipe.out, 0ms);
  return message ? message->trouble : "";
}

class LabTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string why = refusal();
    if (!why.empty()) GTEST_SKIP() << why;
  }
};

// What the stage sees, as text: expectations belong to the caller's process.
std::string observe(const std::function<tl::expected<int, std::string>(const Body&)>& play_it,
                    const std::function<std::string(const Standing&)>& look) {
  const Pipe pipe = make_pipe();
  const auto played = play_it([&](const Standing& standing) {
    tell(pipe.in, {.number = 0, .trouble = look(standing)});
    return 7;
  });
  if (!played) return played.error();
  EXPECT_EQ(*played, 7);
  const auto message = hear(pipe.out, 0ms);
  return message ? message->trouble : "nothing";
}

std::string observe(const Scenario& scenario, Variant variant,
                    const std::function<std::string(const Standing&)>& look) {
  return observe([&](const Body& body) { return play(scenario, variant, body); }, look);
}

TEST_F(LabTest, FaultsLeaveTheirConnectionsAndNothingMovesThem) {
  for (const Scenario& scenario : all_scenarios()) {
    SCOPED_TRACE(id(scenario.cause));
    const bool unaccepted = scenario.cause == Cause::NotAccepted;
    const std::string seen = observe(scenario, Variant::Fault, [&](const Standing& standing) {
      std::this_thread::sleep_for(1s);
      std::map<std::string, int> kinds;
      for (const Line& line : close_wait(standing.port)) {
        ++kinds[fmt::format("recv_q {}{}", line.recv_q(), line.inode == 0 ? " without inode" : "")];
      }
      const Status status = status_of(std::to_string(number(standing.culprit)));
      std::string text = fmt::format("{} {}", status.name, status.state);
      for (const auto& [kind, count] : kinds) text += fmt::format(", {} {}", count, kind);
      return text;
    });
    EXPECT_EQ(seen, fmt::format("lab-server {}, {} recv_q {}{}", unaccepted ? 'T' : 'S', scenario.connections,
                                queue_of(scenario.cause), unaccepted ? " without inode" : ""));
  }
}

// How long each connection was seen in CLOSE_WAIT during 1.5 s, in looks 20 ms apart.
std::string oldest_and_most(const Standing& standing) {
  std::map<std::string, int> looks;
  size_t most = 0;
  for (const Deadline end(1500ms); !end.passed(); std::this_thread::sleep_for(20ms)) {
    const auto lines = close_wait(standing.port);
    most = std::max(most, lines.size());
    for (const Line& line : lines) ++looks[line.remote];
  }
  int oldest = 0;
  for (const auto& [remote, count] : looks) oldest = std::max(oldest, count);
  return fmt::format("{} {}{}",
                     most == 0   ? "none"
                     : most < 20 ? "some"
                                 : "many",
                     oldest < 40 ? "young" : "old",
                     status_of(std::to_string(number(standing.culprit))).state == 'T' ? " stopped" : "");
}

TEST_F(LabTest, ControlsNeverKeepAConnectionWaiting) {
  for (const Scenario& scenario : all_scenarios()) {
    SCOPED_TRACE(id(scenario.cause));
    const std::string seen = observe(scenario, Variant::Control, oldest_and_most);
    if (scenario.cause == Cause::NotClosed) {
      EXPECT_THAT(seen, testing::AnyOf("none young", "some young"));  // it closes faster than one can look
    } else {
      EXPECT_EQ(seen, "some young");
    }
  }
}

uint64_t segments_received() {
  std::istringstream snmp(read_file("/proc/self/net/snmp"));
  std::string word;
  while (snmp >> word) {
    if (word != "Tcp:") continue;
    std::vector<std::string> values(10);
    for (auto& value : values) snmp >> value;
    if (values[0] != "RtoAlgorithm") return std::stoull(values[9]);
  }
  return 0;
}

std::string queues_and_flow(const Standing& standing) {
  const uint64_t before = segments_received();
  std::this_thread::sleep_for(1s);
  const uint64_t flowed = segments_received() - before;
  std::map<std::string, int> queues;
  for (const Line& line : close_wait(standing.port)) ++queues[line.recv_q()];
  std::string text;
  for (const auto& [queue, count] : queues) text += fmt::format("{} recv_q {}, ", count, queue);
  return text + (flowed >= 20 ? "flowing" : "silent");
}

TEST_F(LabTest, HalfClosedConnectionsLookUnclosedAndDataFlows) {
  for (const Scenario& scenario : all_scenarios()) {
    for (const Lookalike& lookalike : scenario.lookalikes) {
      SCOPED_TRACE(lookalike.what);
      const std::string seen =
          observe([&](const Body& body) { return play(lookalike, body); }, queues_and_flow);
      EXPECT_EQ(seen, fmt::format("{} recv_q {}, flowing", lookalike.connections, queue_of(scenario.cause)));
    }
  }
}

TEST_F(LabTest, HostNetworkIsUntouched) {
  const std::string host = fs::read_symlink("/proc/self/ns/net");
  const std::string caller = std::to_string(::getpid());
  for (const Scenario& scenario : all_scenarios()) {
    SCOPED_TRACE(id(scenario.cause));
    const std::string seen = observe(scenario, Variant::Fault, [&](const Standing&) -> std::string {
      std::set<uint64_t> host_inodes;
      for (const Line& line : table_of(caller)) host_inodes.insert(line.inode);
      for (const Line& line : table_of("self")) {
        if (line.inode != 0 && host_inodes.contains(line.inode)) return "a socket is in the host's table";
        if (!line.local.starts_with("0100007F:")) return "a socket is not on loopback";
      }
      return fs::read_symlink("/proc/self/ns/net") == host ? "the stage is in the host's namespace" : "apart";
    });
    EXPECT_EQ(seen, "apart");
  }
  EXPECT_EQ(fs::read_symlink("/proc/self/ns/net"), host);
}

TEST_F(LabTest, ActorsHoldNoDescriptorOfTheCaller) {
  const Pipe pipe = make_pipe();
  const int inherited = ::dup(pipe.in.get());  // without CLOEXEC
  for (const Scenario& scenario : all_scenarios()) {
    for (const Variant variant : {Variant::Fault, Variant::Control}) {
      SCOPED_TRACE(id(scenario.cause));
      const std::string theirs = fs::read_symlink(fmt::format("/proc/self/fd/{}", inherited));
      const std::string seen = observe(scenario, variant, [&](const Standing&) -> std::string {
        for (const pid_t actor : children_of(::getpid())) {
          for (const std::string& target : descriptors_of(actor)) {
            if (target == theirs) return "an actor holds the caller's pipe";
          }
        }
        return "clean";
      });
      EXPECT_EQ(seen, "clean");
    }
  }
  ::close(inherited);
}

TEST_F(LabTest, OnlyTheServerHoldsTheServersSockets) {
  for (const Scenario& scenario : all_scenarios()) {
    SCOPED_TRACE(id(scenario.cause));
    const std::string seen = observe(scenario, Variant::Fault, [&](const Standing& standing) {
      std::string text;
      for (const pid_t actor : children_of(::getpid())) {
        size_t sockets = 0;
        for (const std::string& target : descriptors_of(actor))
          sockets += target.starts_with("socket:") ? 1 : 0;
        text += fmt::format("{} {}", actor == number(standing.culprit) ? "culprit" : "other", sockets);
      }
      return text;
    });
    EXPECT_EQ(seen,
              fmt::format("culprit {}", scenario.cause == Cause::NotAccepted ? 1 : 1 + scenario.connections));
  }
}

// The stage and its actors, told by a body.
std::vector<pid_t> cast() {
  std::vector<pid_t> pids = children_of(::getpid());
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

TEST_F(LabTest, NormalEndLeavesNoProcess) {
  for (const Scenario& scenario : all_scenarios()) {
    for (const Variant variant : {Variant::Fault, Variant::Control}) {
      const Pipe pipe = make_pipe();
      ASSERT_TRUE(play(scenario, variant, [&](const Standing&) {
        tell_pids(pipe.in);
        return 0;
      }));
      const auto pids = read_pids(pipe.out);
      EXPECT_THAT(pids, SizeIs(variant == Variant::Fault ? 2 : 3));
      for (const pid_t pid : pids) EXPECT_EQ(::kill(pid, 0), -1) << pid;
    }
  }
}

// Whoever outlives the caller is reparented to this process, which so can tell a death from a zombie nobody
// reaps.
class SubreaperLabTest : public LabTest {
 protected:
  void SetUp() override {
    LabTest::SetUp();
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  }
  void TearDown() override { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }
};

bool ends_soon(pid_t pid) {
  for (const Deadline end(5s); !end.passed(); std::this_thread::sleep_for(5ms)) {
    if (::waitpid(pid, nullptr, WNOHANG) != 0 && ::kill(pid, 0) != 0) return true;
  }
  return false;
}

void kill_caller(const Scenario& scenario, Variant variant, int signal) {
  Pipe pipe = make_pipe();
  const pid_t caller = ::fork();
  if (caller == 0) {
    (void)play(scenario, variant, [&](const Standing&) {
      tell_pids(pipe.in);
      std::this_thread::sleep_for(30s);
      return 0;
    });
    ::_exit(1);
  }
  pipe.in = Fd();
  const auto pids = read_pids(pipe.out);
  ASSERT_THAT(pids, SizeIs(variant == Variant::Fault ? 2 : 3));
  for (const pid_t pid : pids) ASSERT_EQ(::kill(pid, 0), 0) << pid;
  ASSERT_EQ(::kill(caller, signal), 0);
  EXPECT_TRUE(ends_soon(caller));
  for (const pid_t pid : pids)
    EXPECT_TRUE(ends_soon(pid)) << pid << " " << status_of(std::to_string(pid)).name;
}

TEST_F(SubreaperLabTest, NothingOutlivesAKilledCaller) {
  for (const Scenario& scenario : all_scenarios()) {
    for (const Variant variant : {Variant::Fault, Variant::Control}) {
      SCOPED_TRACE(id(scenario.cause));
      kill_caller(scenario, variant, SIGKILL);
    }
  }
}

TEST_F(SubreaperLabTest, NothingOutlivesAnInterruptedCaller) {
  for (const int signal : {SIGTERM, SIGINT}) kill_caller(all_scenarios().front(), Variant::Fault, signal);
}

TEST_F(LabTest, WorksWhereTheCallerIgnoresItsChildren) {
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  const auto played = play(all_scenarios().front(), Variant::Fault, [](const Standing&) { return 42; });
  ::signal(SIGCHLD, before);
  ASSERT_TRUE(played) << played.error();
  EXPECT_EQ(*played, 42);
}

TEST_F(LabTest, StoppedServerRecoversWhenContinued) {
  const std::string seen = observe(all_scenarios().front(), Variant::Fault, [](const Standing& standing) {
    ::kill(number(standing.culprit), SIGCONT);
    for (const Deadline end(5s); !end.passed(); std::this_thread::sleep_for(5ms)) {
      if (close_wait(standing.port).empty()) return "recovered";
    }
    return "still waiting";
  });
  EXPECT_EQ(seen, "recovered");
}

std::string error_of(SetUp set_up, const Body& body) {
  const auto played = play(Lookalike{.what = "", .connections = 0, .set_up = set_up}, body);
  return played ? "none" : played.error();
}

Standing nothing_stands(Stage&) { return {}; }

Standing client_fails(Stage& stage) {
  stage.run_client([] { throw std::runtime_error("no reason at all"); });
  return {};
}

Standing server_fails(Stage& stage) {
  return stage.start_server([](const Announce&) { throw std::runtime_error("no port"); });
}

Standing server_is_silent(Stage& stage) {
  return stage.start_server([](const Announce&) {});
}

TEST_F(LabTest, ErrorsSayWhatFailedAndWhatToDo) {
  const Body unused = [](const Standing&) { return 0; };
  EXPECT_THAT(error_of(client_fails, unused),
              AllOf(HasSubstr("lab-client failed: no reason at all"), HasSubstr(";")));
  EXPECT_THAT(error_of(server_fails, unused), AllOf(HasSubstr("lab-server failed: no port"), HasSubstr(";")));
  EXPECT_THAT(error_of(server_is_silent, unused),
              AllOf(HasSubstr("server does not start"), HasSubstr("try again")));
  EXPECT_THAT(error_of(nothing_stands, [](const Standing&) -> int { throw std::runtime_error("a bad day"); }),
              HasSubstr("a bad day"));
  EXPECT_THAT(error_of(nothing_stands, [](const Standing&) { return ::raise(SIGKILL); }),
              HasSubstr("Killed"));
  EXPECT_THAT(error_of(nothing_stands, [](const Standing&) -> int { ::_exit(0); }),
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
