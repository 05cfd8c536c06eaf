// How the evidence of several cases, processes and listeners becomes that of one finding.
#include "diagnose/evidence_fold.h"

#include "diagnose/diagnose.h"
#include "testing/world.h"

#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::World;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using Cases = std::vector<std::vector<Evidence>>;

std::vector<Evidence> fold(const Cases& cases) {
  EvidenceFold fold;
  for (const auto& evidence : cases) fold.add(evidence);
  return fold.take();
}

TEST(EvidenceFold, SumsWhatIsOfConnections) {
  EXPECT_THAT(fold({{{EvidenceKind::FinUnread, 3}, {EvidenceKind::UnreadBytes, 100}},
                    {{EvidenceKind::FinUnread, 3}, {EvidenceKind::Unchanged, 2}}}),
              ElementsAre(Evidence{EvidenceKind::FinUnread, 6}, Evidence{EvidenceKind::UnreadBytes, 100},
                          Evidence{EvidenceKind::Unchanged, 2}));
}

TEST(EvidenceFold, SumsOverProcessesEachOfWhichCountsOnce) {
  EXPECT_THAT(fold({{{EvidenceKind::HolderCpu, 500, {1}}, {EvidenceKind::HolderCpu, 30, {2}}},
                    {{EvidenceKind::HolderCpu, 500, {1}}, {EvidenceKind::HolderCpu, 4, {3}}}}),
              ElementsAre(Evidence{EvidenceKind::HolderCpu, 534}));
  EXPECT_THAT(fold({{{EvidenceKind::Busy, 2, {1}}}, {{EvidenceKind::Busy, 2, {1}}}}),
              ElementsAre(Evidence{EvidenceKind::Busy, 2}));
}

TEST(EvidenceFold, CountsAListenerOfSeveralCasesOnce) {
  EXPECT_THAT(
      fold({{{EvidenceKind::AcceptQueue, 129, {7}}, {EvidenceKind::AcceptQueueLimit, 128, {7}}},
            {{EvidenceKind::AcceptQueue, 129, {7}}, {EvidenceKind::AcceptQueueLimit, 128, {7}}},
            {{EvidenceKind::AcceptQueue, 1, {8}}, {EvidenceKind::AcceptQueueLimit, 128, {8}}}}),
      ElementsAre(Evidence{EvidenceKind::AcceptQueue, 130}, Evidence{EvidenceKind::AcceptQueueLimit, 256}));
}

TEST(EvidenceFold, CountsLegsAndQueuesOfTheSameHoldersOnce) {
  EXPECT_THAT(
      fold({{{EvidenceKind::HalfClosedLegs, 5, {1, 2}}, {EvidenceKind::QueuedBehind, 9, {1, 2}}},
            {{EvidenceKind::HalfClosedLegs, 5, {1, 2}}, {EvidenceKind::QueuedBehind, 9, {1, 2}}},
            {{EvidenceKind::HalfClosedLegs, 1, {3}}, {EvidenceKind::QueuedBehind, 2, {3}}}}),
      ElementsAre(Evidence{EvidenceKind::HalfClosedLegs, 6}, Evidence{EvidenceKind::QueuedBehind, 11}));
}

TEST(EvidenceFold, TheOneThatRanLastSpeaksForAll) {
  EXPECT_THAT(fold({{{EvidenceKind::SinceRun, 21'000'000}},
                    {{EvidenceKind::SinceRun, 20'500'000}, {EvidenceKind::SinceRun, 90'000'000}}}),
              ElementsAre(Evidence{EvidenceKind::SinceRun, 20'500'000}));
}

TEST(EvidenceFold, LegsAndHoldersAreAtMostSoMany) {
  EXPECT_THAT(fold({{{EvidenceKind::OtherLegs, 2}, {EvidenceKind::Holders, 3}},
                    {{EvidenceKind::OtherLegs, 4}, {EvidenceKind::Holders, 2}}}),
              ElementsAre(Evidence{EvidenceKind::OtherLegs, 4}, Evidence{EvidenceKind::Holders, 3}));
}

TEST(EvidenceFold, TheProcessNearestToItsLimitSpeaksForAll) {
  EXPECT_THAT(
      fold({{{EvidenceKind::DescriptorsOpen, 100}, {EvidenceKind::DescriptorLimit, 1024}},
            {{EvidenceKind::DescriptorsOpen, 60}, {EvidenceKind::DescriptorLimit, 64}},
            {{EvidenceKind::DescriptorsOpen, 500}, {EvidenceKind::DescriptorLimit, 4096}}}),
      ElementsAre(Evidence{EvidenceKind::DescriptorsOpen, 60}, Evidence{EvidenceKind::DescriptorLimit, 64}));
}

int64_t value(const Finding& finding, EvidenceKind kind) {
  int64_t found = -1;
  int n = 0;
  for (const auto& e : finding.evidence) {
    if (e.kind != kind) continue;
    found = e.value;
    ++n;
  }
  EXPECT_EQ(n, 1) << traits(kind).id;
  return found;
}

TEST(EvidenceFold, ElevenWorkersDoNotAddUpSinceWhenTheyRan) {
  World w;
  for (int pid = 1; pid <= 11; ++pid) {
    w.process(pid, "worker", {World::Doing{.state = RunState::Stopped, .ran = 1ms}});
    w.threads(pid).list.front().last_given_cpu = Milliseconds(21'000 + pid);
  }
  w.listener(8080, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  for (int pid = 1; pid <= 11; ++pid) w.close_wait({.count = 1, .pids = {pid}, .age = {60s, 60s}});
  const auto j = judge(w.facts());
  ASSERT_EQ(j.faults.size(), 1U);
  const auto& f = j.faults.front().finding;
  EXPECT_EQ(f.culprits.size(), 11U);
  EXPECT_EQ(value(f, EvidenceKind::SinceRun), 21'001'000);
  EXPECT_EQ(value(f, EvidenceKind::HolderCpu), 11'000);
}

TEST(EvidenceFold, AProcessWithTwoPilesUsesItsCpuOnce) {
  World w;
  w.process(1, "worker", {World::Doing{.state = RunState::Stopped, .ran = 3ms}}).listener(8080, {1});
  // Two cases: of one, the other ends are gone; of the other, somebody may wait for an answer.
  w.close_wait({.count = 4, .pids = {1}, .age = {60s, 60s}, .peer = PeerEnd::Closed});
  w.close_wait({.count = 4, .pids = {1}, .age = {60s, 60s}, .peer = PeerEnd::Open});
  const auto j = judge(w.facts());
  ASSERT_EQ(j.faults.size(), 1U);
  EXPECT_EQ(j.faults.front().cases.size(), 2U);
  EXPECT_EQ(value(j.faults.front().finding, EvidenceKind::HolderCpu), 3'000);
  EXPECT_EQ(value(j.faults.front().finding, EvidenceKind::FinUnread), 8);
}

}  // namespace
}  // namespace whywait
