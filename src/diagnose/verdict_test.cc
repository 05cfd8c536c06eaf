// Each rule on literal worlds: its faults, its healthy controls, and what must stay undecided.
#include "diagnose/diagnose.h"
#include "testing/world.h"
#include "testing/worlds.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::World;
using namespace std::chrono_literals;

class Worlds : public ::testing::TestWithParam<testing::NamedWorld> {};

TEST_P(Worlds, AreJudgedAsTheyAre) {
  const auto& [name, facts, expected] = GetParam();
  const auto j = judge(facts);
  std::vector<Cause> faults;
  for (const auto& v : j.faults) faults.push_back(v.finding.cause);
  std::vector<Cause> undecided;
  for (const auto& open : j.undecided) undecided.push_back(open.candidates.front());
  std::vector<Cause> expected_faults;
  for (const auto& fault : {expected.fault, expected.fault_of_peer}) {
    if (fault) expected_faults.push_back(*fault);
  }
  EXPECT_THAT(faults, ::testing::UnorderedElementsAreArray(expected_faults));
  EXPECT_EQ(undecided, expected.undecided ? std::vector{*expected.undecided} : std::vector<Cause>{});
  std::set<Cause> normal;  // where both ends are judged, it may be found at both
  for (const auto& v : j.normal) normal.insert(v.finding.cause);
  EXPECT_EQ(normal, expected.normal ? std::set{*expected.normal} : std::set<Cause>{});
  EXPECT_THAT(j.needs, ::testing::IsEmpty());
}

std::string test_name(const ::testing::TestParamInfo<testing::NamedWorld>& info) {
  std::string out;
  for (const char c : info.param.name) out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return out;
}

INSTANTIATE_TEST_SUITE_P(Rules, Worlds, ::testing::ValuesIn(testing::all_worlds()), test_name);

TEST(PeerNotClosed, ItsChainBeginsWithAConnectionOfItsOwn) {
  World w;
  w.process(1, "server").process(2, "client", {{.state = RunState::Stopped}}).listener(8080, {1});
  w.half_closed(1, 3).close_wait({.state = State::FinWait2,
                                  .count = 5,
                                  .pids = {1},
                                  .recv_q = 0,
                                  .peer = PeerEnd::Open,
                                  .peer_pids = {2},
                                  .peer_recv_q = 1});
  const auto j = judge(w.facts());
  const auto it = std::find_if(j.faults.begin(), j.faults.end(),
                               [](const Verdict& v) { return v.finding.cause == Cause::PeerNotClosed; });
  ASSERT_NE(it, j.faults.end());
  ASSERT_FALSE(it->chain.hops.empty());
  EXPECT_EQ(j.cause_of(it->chain.hops.front().row), Cause::PeerNotClosed);
  EXPECT_EQ(it->chain.hops.front().to, Pid{2});
}

World idle_server() {
  World w;
  w.process(1, "server").listener(8080, {1}, 4, 3);
  return w;
}

Finding only_fault(const Facts& facts) {
  const auto j = judge(facts);
  EXPECT_EQ(j.faults.size(), 1U);
  return j.faults.empty() ? Finding{} : j.faults.front().finding;
}

TEST(NotAccepted, IsCertain) {
  const auto f = only_fault(idle_server().close_wait({.count = 4, .age = {20s, 20s}}).facts());
  EXPECT_EQ(f.confidence, Confidence::Certain);
  EXPECT_EQ(f.acts, Actor::Process);
}

TEST(NotAccepted, FullQueueIsCritical) {
  EXPECT_EQ(only_fault(idle_server().close_wait({.count = 1, .age = {20s, 20s}}).facts()).severity,
            Severity::Critical);
}

TEST(NotAccepted, BlamesTheWorkerAndNotItsMaster) {
  World w;
  w.process(1, "master", {{.call = Call::WaitSignal}}).process(2, "worker", {{.state = RunState::Stopped}});
  const auto f =
      only_fault(w.listener(80, {1, 2}).close_wait({.count = 4, .port = 80, .age = {3s, 3s}}).facts());
  ASSERT_EQ(f.culprits.size(), 1U);
  EXPECT_EQ(f.culprits[0].pid, Pid{2});
  EXPECT_EQ(f.culprits[0].blocked_on.kind, Block::Stopped);
}

// With SO_REUSEPORT both queues have something in them; the kernel's list tells whose the connections are.
TEST(NotAccepted, BlamesTheExactListener) {
  World w;
  w.process(11, "worker").process(12, "worker", {{.state = RunState::Stopped}});
  w.listener(80, {11}, 1).listener(80, {12}, 4).close_wait({.count = 4, .port = 80, .age = {3s, 3s}});
  auto facts = w.with_details().facts();
  EXPECT_THAT(judge(facts).faults, ::testing::IsEmpty());  // one of two could be served in its turn
  for (auto& d : facts.details->rows) d.set_listener(1);
  const auto f = only_fault(facts);
  ASSERT_EQ(f.culprits.size(), 1U);
  EXPECT_EQ(f.culprits[0].pid, Pid{12});
}

TEST(NotAccepted, IsFoundWithoutTheRightToSeeTheProcess) {
  auto facts = idle_server().close_wait({.count = 4, .age = {20s, 20s}}).facts();
  facts.holders = HolderTable{.rows = {}, .unreadable = 1};
  const auto f = only_fault(facts);
  EXPECT_EQ(f.cause, Cause::NotAccepted);
  EXPECT_THAT(f.culprits, ::testing::IsEmpty());
}

// One worker, one request: it may be at work for it, but for the queue that waits behind.
TEST(NotRead, IsNotExcusedByARequestThatAQueueWaitsBehind) {
  World w;
  w.process(1, "server", {{.call = Call::Receive}}).listener(80, {1}, 30);
  const auto alone = World(w).close_wait({.count = 1, .port = 80, .pids = {1}}).facts();
  EXPECT_EQ(judge(alone).undecided.size(), 1U);
  w.close_wait({.count = 30, .port = 80, .recv_q = 80}).close_wait({.count = 1, .port = 80, .pids = {1}});
  const auto j = judge(w.facts());
  ASSERT_EQ(j.faults.size(), 2U);
  EXPECT_EQ(j.faults[0].finding.cause, Cause::NotAccepted);
  EXPECT_EQ(j.faults[1].finding.cause, Cause::NotRead);
  EXPECT_THAT(j.undecided, ::testing::IsEmpty());
}

TEST(NotRead, SaysThatNothingWaitsToBeSent) {
  const auto f = only_fault(idle_server().close_wait({.count = 9, .pids = {1}}).facts());
  EXPECT_THAT(f.ruled_out, ::testing::Contains(RuledOut{Cause::BlockedWriter, ClearReason::NothingUnsent}));
}

TEST(NotRead, IsCertainOnlyOfAProcessThatCannotRun) {
  World stopped;
  stopped.process(1, "server", {{.state = RunState::Stopped}}).listener(80, {1});
  EXPECT_EQ(only_fault(stopped.close_wait({.count = 9, .port = 80, .pids = {1}}).facts()).confidence,
            Confidence::Certain);
  World idle;
  idle.process(1, "server").listener(80, {1});
  EXPECT_EQ(only_fault(idle.close_wait({.count = 9, .port = 80, .pids = {1}}).facts()).confidence,
            Confidence::Likely);
}

TEST(NotClosed, IsLikelyAtMost) {
  const auto f = only_fault(idle_server().close_wait({.count = 50, .pids = {1}, .recv_q = 0}).facts());
  EXPECT_EQ(f.confidence, Confidence::Likely);
  EXPECT_THAT(f.ruled_out, ::testing::Contains(RuledOut{Cause::HalfClose, ClearReason::PeerHasClosed}));
}

TEST(NotClosed, IsOnlyPossibleWhereAnotherHolderMayHide) {
  auto facts = idle_server().close_wait({.count = 50, .pids = {1}, .recv_q = 0}).facts();
  facts.holders->unreadable = 3;
  EXPECT_EQ(only_fault(facts).confidence, Confidence::Possible);
}

TEST(NotClosed, IsCriticalNearTheDescriptorLimit) {
  auto w = idle_server();
  w.edit(1).descriptors = Descriptors{.open = 820, .pipes = 0, .limit = 1024};
  EXPECT_EQ(only_fault(w.close_wait({.count = 50, .pids = {1}, .recv_q = 0}).facts()).severity,
            Severity::Critical);
}

TEST(NotClosed, NeedsMorePilesThanPartners) {
  // A pipe is a possible other leg as well as a socket is.
  auto w = idle_server();
  w.edit(1).descriptors = Descriptors{.open = 100, .pipes = 25, .limit = 1024};
  const auto j = judge(w.close_wait({.count = 50, .pids = {1}, .recv_q = 0}).facts());
  ASSERT_EQ(j.undecided.size(), 1U);
  EXPECT_THAT(j.undecided[0].candidates, ::testing::ElementsAre(Cause::NotClosed, Cause::RelayWaiting));
}

const Facts& world(const std::string& name) {
  const auto& all = testing::all_worlds();
  return std::find_if(all.begin(), all.end(), [&](const auto& w) { return w.name == name; })->facts;
}

TEST(NotAccepted, BlamesTheOneWhoseQueueIsFull) {
  const auto f = only_fault(world("one of four queues"));
  ASSERT_EQ(f.culprits.size(), 1U);
  EXPECT_EQ(f.culprits[0].pid, Pid{103});
  EXPECT_EQ(f.severity, Severity::Critical);
}

TEST(NotAccepted, SparesTheFirstProcessThatKeepsTheListener) {
  const auto f = only_fault(world("socket activation"));
  ASSERT_EQ(f.culprits.size(), 1U);
  EXPECT_EQ(f.culprits[0].pid, Pid{100});
}

TEST(NotClosed, IsOnlyPossibleWhileAnotherConnectionMayCarryThemAll) {
  const auto f = only_fault(
      idle_server().made_connection(1).close_wait({.count = 50, .pids = {1}, .recv_q = 0}).facts());
  EXPECT_EQ(f.confidence, Confidence::Possible);
}

TEST(SecondLook, ThatWasCutShortAcquitsNobody) {
  auto facts = world("deregistered, loop idle");
  facts.second = {};
  for (uint32_t row = 0; row < facts.table.connections.size(); ++row) {
    facts.second.add(row, tl::unexpected(Missing::CutShort));
  }
  const auto j = judge(facts);
  EXPECT_EQ(j.undecided.size(), 1U);
}

TEST(Folding, ManyWithOneEachAreNoTrifle) {
  EXPECT_EQ(only_fault(world("one connection in each of four processes")).severity, Severity::Warning);
}

TEST(ASingleClient, IsANotice) {
  EXPECT_EQ(only_fault(idle_server().close_wait({.count = 2, .pids = {1}}).facts()).severity,
            Severity::Notice);
}

}  // namespace
}  // namespace whywait
