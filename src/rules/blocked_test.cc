#include "rules/blocked.h"

#include "testing/world.h"

#include <gtest/gtest.h>

namespace whywait {
namespace {

using testing::World;
using namespace std::chrono_literals;

BlockedOn blocked(const std::vector<World::Doing>& threads) {
  World w;
  w.process(1, "p", threads);
  return blocked_on(w.edit(1), w.threads(1));
}

TEST(BlockedOn, StoppedComesBeforeTheOldSystemCall) {
  const auto b = blocked({{.state = RunState::Stopped, .call = Call::Epoll}});
  EXPECT_EQ(b.kind, Block::Stopped);
  EXPECT_TRUE(cannot_run(b));
}

TEST(BlockedOn, OneThreadThatHangsDoesNotStopTheOthers) {
  const auto b = blocked({{.state = RunState::Uninterruptible, .call = Call::Other}, {.call = Call::Epoll}});
  EXPECT_FALSE(cannot_run(b));
  EXPECT_EQ(b.threads.at(Block::Idle), 1U);
}

TEST(BlockedOn, UninterruptibleThatRanMeanwhileOnlyPassesThrough) {
  EXPECT_FALSE(cannot_run(blocked({{.state = RunState::Uninterruptible, .call = Call::Other, .ran = 1ms}})));
}

TEST(BlockedOn, ATracerThatLooksOnDoesNotHoldIt) {
  const auto b = blocked({{.state = RunState::Traced, .call = Call::Epoll, .ran = 1ms}});
  EXPECT_FALSE(cannot_run(b));
  EXPECT_TRUE(cannot_run(blocked({{.state = RunState::Traced, .call = Call::Epoll}})));
}

TEST(BlockedOn, OneOfManyThatComputesExplainsLittle) {
  std::vector<World::Doing> threads(5, {.call = Call::Receive});
  threads.push_back({.state = RunState::Running, .call = Call::None, .ran = 199ms});
  EXPECT_EQ(blocked(threads).kind, Block::Unknown);
}

TEST(BlockedOn, SpinningIsSeenByItsCpuTime) {
  EXPECT_EQ(blocked({{.state = RunState::Running, .call = Call::None, .ran = 190ms}}).kind, Block::Spinning);
  EXPECT_NE(blocked({{.state = RunState::Running, .call = Call::None, .ran = 20ms}}).kind, Block::Spinning);
}

TEST(BlockedOn, FrozenLooksAsleep) {
  World w;
  w.process(1, "p", {{.state = RunState::Sleeping}});
  w.edit(1).frozen = true;
  const auto b = blocked_on(w.edit(1), w.threads(1));
  EXPECT_EQ(b.kind, Block::Frozen);
  EXPECT_TRUE(cannot_run(b));
  EXPECT_FALSE(surely_runs(w.edit(1), w.threads(1)));
}

TEST(BlockedOn, DescriptorLimit) {
  World w;
  w.process(1, "p");
  w.edit(1).descriptors = Descriptors{.open = 1024, .pipes = 0, .limit = 1024};
  EXPECT_EQ(blocked_on(w.edit(1), w.threads(1)).kind, Block::DescriptorLimit);
  w.edit(1).descriptors->limit.reset();
  EXPECT_EQ(blocked_on(w.edit(1), w.threads(1)).kind, Block::Idle);
}

TEST(BusyThreads, CountsWorkersAndNotThoseThatWaitForWork) {
  World w;
  w.process(1, "p",
            {{.call = Call::Epoll},
             {.call = Call::Futex},
             {.call = Call::Accept},
             {.call = Call::Receive},
             {.state = RunState::Running, .call = Call::None}});
  EXPECT_EQ(busy_threads(w.threads(1)), 2U);
  // A thread whose call may not be seen may be at work.
  for (auto& t : w.threads(1).list) t.system_call = tl::unexpected(Missing::Denied);
  EXPECT_EQ(busy_threads(w.threads(1)), 5U);
}

TEST(OnlySupervises, ForEveryThread) {
  World w;
  w.process(1, "p", {{.call = Call::WaitSignal}})
      .process(2, "q", {{.call = Call::WaitSignal}, {.call = Call::Accept}});
  EXPECT_TRUE(only_supervises(w.threads(1)));
  EXPECT_FALSE(only_supervises(w.threads(2)));
}

}  // namespace
}  // namespace whywait
