// What each scenario leaves in the socket table, and who holds it.
#include "lab/child.h"
#include "lab/lab.h"
#include "testing/lab_look.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr auto kClosed = "07";  // as /proc would have it, which never shows one
const std::map<State, std::string> kCodes = {
    {State::Closed, kClosed}, {State::CloseWait, "08"}, {State::Established, "01"}, {State::FinWait2, "05"}};

// The sockets of a process that are in no table.
std::vector<SocketLine> lost(pid_t holder) {
  const auto targets = descriptors_of(holder);  // first: what is accepted meanwhile is no loss
  std::set<std::string> known;
  for (const SocketLine& line : table_of("self")) known.insert(fmt::format("socket:[{}]", line.inode));
  std::vector<SocketLine> lines;
  for (const std::string& target : targets) {
    if (!target.starts_with("socket:") || known.contains(target)) continue;
    lines.push_back({.remote = target, .state = kClosed, .queues = "00000000:00000000", .inode = 1});
  }
  return lines;
}

// What is in the state of the scenario; ESTABLISHED is of interest only where something is unread.
std::vector<SocketLine> waiting(State state, const Scene& scene) {
  if (state == State::Closed) return lost(number(scene.culprit));
  std::vector<SocketLine> lines = table_of("self");
  std::erase_if(lines, [&](const SocketLine& line) {
    return line.state != kCodes.at(state) || !line.is_of(scene.port) ||
           (state == State::Established && line.recv_q() == "00000000");
  });
  return lines;
}

std::string kind_of(const SocketLine& line) {
  return fmt::format("recv_q {:x}{}{}", std::stoul(line.recv_q(), nullptr, 16),
                     line.send_q() == "00000000" ? "" : ", unsent", line.inode == 0 ? ", no inode" : "");
}

std::string count_of_each(const std::vector<SocketLine>& lines) {
  std::map<std::string, int> kinds;
  for (const SocketLine& line : lines) ++kinds[kind_of(line)];
  std::vector<std::string> text;
  for (const auto& [kind, count] : kinds) text.push_back(fmt::format("{} {}", count, kind));
  return fmt::format("{}", fmt::join(text, "; "));
}

// As a process is found that works now and then, but only for a moment; one that never rests stays running.
Status status_at_rest(pid_t pid) {
  Status status = status_of(std::to_string(pid));
  for (int looks = 1; status.state == 'R' && looks < 100; ++looks) {
    std::this_thread::sleep_for(10ms);
    status = status_of(std::to_string(pid));
  }
  return status;
}

std::string sockets_of_each_process() {
  std::vector<std::string> text;
  for (const pid_t actor : descendants_of(::getpid())) {
    const auto targets = descriptors_of(actor);
    const auto sockets = std::count_if(targets.begin(), targets.end(),
                                       [](const auto& target) { return target.starts_with("socket:"); });
    text.push_back(fmt::format("{} {}", status_of(std::to_string(actor)).name, sockets));
  }
  std::sort(text.begin(), text.end());
  return fmt::format("{}", fmt::join(text, ", "));
}

struct Picture {
  std::string culprit;  // its name, and how /proc says that it is
  std::string rows;
  std::string sockets;  // listeners too
};

// c9: a request of 200 bytes and the FIN.
const std::map<Cause, Picture> kFaults = {
    {Cause::NotAccepted, {"lab-server T", "20 recv_q c9, no inode", "lab-server 1"}},
    {Cause::NotRead, {"lab-server S", "20 recv_q 1", "lab-server 21"}},
    {Cause::NotClosed, {"lab-server S", "20 recv_q 0", "lab-server 21"}},
    {Cause::HeldElsewhere, {"lab-server S", "20 recv_q 0", "lab-server 1, lab-worker 20, lab-worker 20"}},
    {Cause::IdlePool, {"lab-client S", "20 recv_q 1", "lab-client 20, lab-server 1"}},
    {Cause::HalfClose, {"lab-server S", "5 recv_q 0", "lab-client 5, lab-server 6"}},
    {Cause::RelayWaiting, {"lab-relay S", "20 recv_q 0", "lab-backend 21, lab-relay 41"}},
    {Cause::BlockedWriter, {"lab-server S", "5 recv_q 0, unsent", "lab-client 5, lab-server 6"}},
    {Cause::RequestUnread,
     {"lab-server S", "20 recv_q c8; 5 recv_q c8, no inode", "lab-client 25, lab-server 21"}},
    {Cause::DeadDescriptor, {"lab-server S", "20 recv_q 0", "lab-server 21"}},
    {Cause::PeerNotClosed, {"lab-server S", "20 recv_q 0", "lab-client 20, lab-server 21"}},
};

class Fault : public ScenarioTest {};
class Control : public ScenarioTest {};
INSTANTIATE_TEST_SUITE_P(Lab, Fault, testing::ValuesIn(all_scenarios()), name_of_scenario);
INSTANTIATE_TEST_SUITE_P(Lab, Control, testing::ValuesIn(all_scenarios()), name_of_scenario);

TEST_P(Fault, LeavesItsConnectionsAndNothingMovesThem) {
  const Scenario& scenario = GetParam();
  const std::string seen = observe(scenario, Variant::Fault, [&](const Scene& scene) {
    std::this_thread::sleep_for(1s);
    const Status status = status_at_rest(number(scene.culprit));
    const auto lines = waiting(scenario.state, scene);
    return fmt::format("{} {}: {}{} held by {}", status.name, status.state, count_of_each(lines),
                       lines.size() == scenario.connections ? "" : ", which is not what it says,",
                       sockets_of_each_process());
  });
  const Picture& expected = kFaults.at(scenario.cause);
  EXPECT_EQ(seen, fmt::format("{}: {} held by {}", expected.culprit, expected.rows, expected.sockets));
}

// How long each connection was seen waiting during 1.5 s, in looks 20 ms apart; longer on a busy machine,
// where there is one to be seen.
std::string oldest_and_most(State state, const Scene& scene, bool one_is_to_be_seen) {
  std::map<std::string, int> looks;
  size_t most = 0;
  const Deadline end(1500ms);
  const Deadline last(10s);
  for (; !end.passed() || (one_is_to_be_seen && most == 0 && !last.passed());
       std::this_thread::sleep_for(20ms)) {
    const auto lines = waiting(state, scene);
    most = std::max(most, lines.size());
    for (const SocketLine& line : lines) ++looks[line.local + line.remote];
  }
  int oldest = 0;
  for (const auto& [connection, count] : looks) oldest = std::max(oldest, count);
  return fmt::format("{} {}{}",
                     most == 0   ? "none"
                     : most < 20 ? "some"
                                 : "many",
                     oldest < 40 ? "young" : "old",
                     status_of(std::to_string(number(scene.culprit))).state == 'T' ? " stopped" : "");
}

TEST_P(Control, NeverKeepsAConnectionWaiting) {
  const std::set<Cause> slow = {Cause::NotAccepted, Cause::NotRead, Cause::IdlePool, Cause::HalfClose};
  const Scenario& scenario = GetParam();
  const std::string seen = observe(scenario, Variant::Control, [&](const Scene& scene) {
    return oldest_and_most(scenario.state, scene, slow.contains(scenario.cause));
  });
  if (slow.contains(scenario.cause)) {
    EXPECT_EQ(seen, "some young");
  } else {
    EXPECT_THAT(seen, testing::AnyOf("none young", "some young"));  // it is faster than one can look
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

std::string queues_and_flow(State state, const Scene& scene) {
  const uint64_t before = segments_received();
  std::this_thread::sleep_for(1s);
  const uint64_t flowed = segments_received() - before;
  return fmt::format("{}, {}, held by {}", count_of_each(waiting(state, scene)),
                     flowed >= 10 ? "flowing" : "silent", sockets_of_each_process());
}

const std::map<Cause, std::string> kLookalikes = {
    {Cause::NotClosed, "5 recv_q 0, flowing, held by lab-client 5, lab-server 6"},
    {Cause::HalfClose,
     "5 recv_q 0, silent, held by lab-client 5, lab-program 0, lab-program 0, lab-program 0, lab-program 0, "
     "lab-program 0, lab-server 6"},
    {Cause::RequestUnread, "5 recv_q c8, silent, held by lab-client 5, lab-server 6"},
    {Cause::PeerNotClosed, "5 recv_q 0, flowing, held by lab-client 5, lab-server 6"},
};

std::vector<Scenario> with_lookalikes() {
  const auto all = all_scenarios();
  std::vector<Scenario> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [](const Scenario& scenario) { return !scenario.lookalikes.empty(); });
  return found;
}

class Lookalikes : public ScenarioTest {};
INSTANTIATE_TEST_SUITE_P(Lab, Lookalikes, testing::ValuesIn(with_lookalikes()), name_of_scenario);

TEST_P(Lookalikes, LeaveTheSameRows) {
  for (const Lookalike& lookalike : GetParam().lookalikes) {
    SCOPED_TRACE(lookalike.what);
    const std::string seen =
        observe(lookalike, [&](const Scene& scene) { return queues_and_flow(GetParam().state, scene); });
    EXPECT_EQ(seen, kLookalikes.at(GetParam().cause));
  }
}

TEST_F(LabTest, HalfClosedFaultFlows) {
  const auto all = all_scenarios();
  const auto half_close =
      std::find_if(all.begin(), all.end(), [](const auto& s) { return s.cause == Cause::HalfClose; });
  ASSERT_NE(half_close, all.end());
  EXPECT_THAT(observe(*half_close, Variant::Fault,
                      [](const Scene& scene) { return queues_and_flow(State::CloseWait, scene); }),
              testing::HasSubstr("flowing"));
}

TEST_F(LabTest, StoppedServerRecoversWhenContinued) {
  const std::string seen = observe(all_scenarios().front(), Variant::Fault, [](const Scene& scene) {
    ::kill(number(scene.culprit), SIGCONT);
    for (const Deadline end(5s); !end.passed(); std::this_thread::sleep_for(5ms)) {
      if (waiting(State::CloseWait, scene).empty()) return "recovered";
    }
    return "still waiting";
  });
  EXPECT_EQ(seen, "recovered");
}

}  // namespace
}  // namespace whywait::lab
