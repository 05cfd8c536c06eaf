#include "diagnose/wait_chain.h"

#include "testing/blocked_host.h"
#include "testing/world.h"

#include <ctime>

#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::World;
using Doing = testing::Doing;

// A process whose only thread is in this call, of a descriptor that is this file.
void waits_on(World& w, int pid, Call call, CallFile::Kind kind, uint32_t inode) {
  w.process(pid, "p" + std::to_string(pid), {{.call = call}});
  w.threads(pid).list[0].file = CallFile{kind, inode};
}

Partners with_pipe(uint32_t inode, int reader, int writer) {
  return {.pipes = {{.inode = inode, .pid = Pid{reader}, .reads = true, .writes = false},
                    {.inode = inode, .pid = Pid{writer}, .reads = false, .writes = true}},
          .unix_pairs = {},
          .locks = {}};
}

// The row of the client's end of a connection between two processes of this host.
struct Joined {
  Facts facts;
  uint32_t row = 0;
  uint32_t inode = 0;
};

Joined joined(World w, int client, int server) {
  Joined out;
  w.close_wait(
      {.state = State::Established, .count = 1, .pids = {server}, .recv_q = 0, .peer = PeerEnd::Open});
  out.facts = w.facts();
  out.row = static_cast<uint32_t>(out.facts.table.connections.size() - 1);
  out.inode = *out.facts.table.connections[out.row].inode();
  out.facts.holders->rows.push_back({out.inode, Pid{client}, 9});
  out.facts.holders->sort();
  return out;
}

TEST(WaitChain, LeadsOverAConnectionAndAPipe) {
  World w;
  waits_on(w, 1, Call::Receive, CallFile::Kind::Socket, 0);
  waits_on(w, 2, Call::Send, CallFile::Kind::Pipe, 77);
  w.process(3, "sleeper", {{.call = Call::Sleep}});
  auto [facts, row, inode] = joined(w, 1, 2);
  facts.threads.at(Pid{1})->list[0].file = CallFile{CallFile::Kind::Socket, inode};
  facts.partners = with_pipe(77, 3, 2);
  const auto chain = wait_chain(Pid{1}, facts);
  ASSERT_EQ(chain.hops.size(), 2U);
  EXPECT_EQ(chain.hops[0].via, Hop::Via::Connection);
  EXPECT_EQ(chain.hops[0].row, row);
  EXPECT_EQ(chain.hops[0].to, Pid{2});
  EXPECT_EQ(chain.hops[0].confidence, Confidence::Certain);
  EXPECT_EQ(chain.hops[1].via, Hop::Via::Pipe);
  EXPECT_EQ(chain.hops[1].to, Pid{3});
  ASSERT_TRUE(chain.end);
  EXPECT_EQ(chain.end->kind, Block::Timer);
}

TEST(WaitChain, AsksForWhoIsBehindAPipe) {
  World w;
  waits_on(w, 2, Call::Send, CallFile::Kind::Pipe, 77);
  const auto chain = wait_chain(Pid{2}, w.facts());
  ASSERT_EQ(chain.hops.size(), 1U);
  EXPECT_FALSE(chain.hops[0].to);
  EXPECT_THAT(chain.needs, ::testing::Contains(Need{.what = Question::Partners}));
}

TEST(WaitChain, OfAPollOnlyOneConnectionCanBeMeant) {
  World w;
  w.process(1, "client", {{.call = Call::Poll}}).process(2, "server");
  auto [facts, row, inode] = joined(w.with_details(), 1, 2);
  facts.details->waiters = {{.row = row, .tid = Tid{1}}};
  auto chain = wait_chain(Pid{1}, facts);
  ASSERT_EQ(chain.hops.size(), 1U);
  EXPECT_EQ(chain.hops[0].to, Pid{2});
  EXPECT_EQ(chain.hops[0].confidence, Confidence::Likely);
  facts.details->waiters = {{.row = row - 1, .tid = Tid{1}}, {.row = row, .tid = Tid{1}}};
  chain = wait_chain(Pid{1}, facts);
  EXPECT_THAT(chain.hops, ::testing::IsEmpty());
}

// The server waits for a request as its client waits for an answer: no way on, and no circle.
TEST(WaitChain, DoesNotGoBackByTheSameConnection) {
  World w;
  waits_on(w, 1, Call::Receive, CallFile::Kind::Socket, 0);
  waits_on(w, 2, Call::Receive, CallFile::Kind::Socket, 0);
  auto [facts, row, inode] = joined(w, 1, 2);
  facts.threads.at(Pid{1})->list[0].file = CallFile{CallFile::Kind::Socket, inode};
  facts.threads.at(Pid{2})->list[0].file =
      CallFile{CallFile::Kind::Socket, *facts.table.connections[row - 1].inode()};
  const auto chain = wait_chain(Pid{1}, facts);
  ASSERT_EQ(chain.hops.size(), 1U);
  EXPECT_EQ(chain.hops[0].to, Pid{2});
  EXPECT_FALSE(chain.hops[0].loops);
  EXPECT_TRUE(chain.waits_back);
}

TEST(WaitChain, AnotherHostEndsIt) {
  World w;
  w.process(1, "client", {{.call = Call::Receive}}).made_connection(1);
  auto facts = w.facts();
  facts.threads.at(Pid{1})->list[0].file =
      CallFile{CallFile::Kind::Socket, *facts.table.connections[0].inode()};
  const auto chain = wait_chain(Pid{1}, facts);
  ASSERT_EQ(chain.hops.size(), 1U);
  EXPECT_FALSE(chain.hops[0].to);
}

TEST(WaitChain, GoesRoundOnce) {
  World w;
  waits_on(w, 1, Call::Receive, CallFile::Kind::Pipe, 70);
  waits_on(w, 2, Call::Receive, CallFile::Kind::Pipe, 71);
  auto facts = w.facts();
  auto partners = with_pipe(70, 1, 2);
  const auto back = with_pipe(71, 2, 1);
  partners.pipes.insert(partners.pipes.end(), back.pipes.begin(), back.pipes.end());
  facts.partners = partners;
  const auto chain = wait_chain(Pid{1}, facts);
  ASSERT_EQ(chain.hops.size(), 2U);
  EXPECT_FALSE(chain.hops[0].loops);
  EXPECT_TRUE(chain.hops[1].loops);
}

TEST(WaitChain, FollowsTheThreadThatHasTheLock) {
  World w;
  w.process(1, "server", {{.call = Call::Futex}, {.call = Call::Futex}, {.call = Call::Receive}});
  auto& list = w.threads(1).list;
  list[0].lock_owner = Tid{3};
  list[1].lock_owner = Tid{3};
  list[2].tid = Tid{3};
  list[2].file = CallFile{CallFile::Kind::Pipe, 70};
  auto facts = w.process(2, "writer").facts();
  facts.partners = with_pipe(70, 1, 2);
  const auto chain = wait_chain(Pid{1}, facts);
  ASSERT_EQ(chain.hops.size(), 2U);
  EXPECT_EQ(chain.hops[0].via, Hop::Via::Lock);
  EXPECT_EQ(chain.hops[0].threads, 2U);
  EXPECT_EQ(chain.hops[0].owner, Tid{3});
  EXPECT_EQ(chain.hops[1].to, Pid{2});
}

// Two threads that have each other's lock.
TEST(WaitChain, ADeadlockGoesRound) {
  World w;
  w.process(1, "server", {{.call = Call::Futex}, {.call = Call::Futex}});
  auto& list = w.threads(1).list;
  list[0].lock_owner = list[1].tid;
  list[1].lock_owner = list[0].tid;
  const auto chain = wait_chain(Pid{1}, w.facts());
  ASSERT_FALSE(chain.hops.empty());
  EXPECT_LE(chain.hops.size(), 3U);
  EXPECT_TRUE(chain.hops.back().loops);
}

TEST(WaitChain, WhoCannotRunWaitsForNobody) {
  World w;
  waits_on(w, 1, Call::Receive, CallFile::Kind::Pipe, 70);
  w.threads(1).list[0].state = RunState::Stopped;
  EXPECT_THAT(wait_chain(Pid{1}, w.facts()).hops, ::testing::IsEmpty());
}

TEST(WaitChain, AnEventLoopWaitsOnEverything) {
  World w;
  EXPECT_THAT(wait_chain(Pid{1}, w.process(1, "loop").facts()).hops, ::testing::IsEmpty());
}

TEST(WaitChain, WhatIsNotKnownIsAskedFor) {
  const auto chain = wait_chain(Pid{1}, World().facts());
  EXPECT_THAT(chain.needs, ::testing::Contains(Need{.what = Question::Threads, .pid = Pid{1}}));
}

// Where each chain, or each thread, walked over the rows, 200 of them would cost 200 times as much as one.
TEST(WaitChain, ManyBlockedThreadsCostLittleMoreThanOne) {
  constexpr uint32_t kRows = 20'000;
  const auto cost = [](const testing::BlockedHost& host) {
    const auto before = std::clock();
    ChainIndex index(host.facts);
    for (const auto pid : host.clients) EXPECT_EQ(wait_chain(pid, index).hops.size(), 1U);
    return double(std::clock() - before);
  };
  const auto one = cost(testing::blocked_host(kRows, 1, 1));
  EXPECT_LT(cost(testing::blocked_host(kRows, 200, 1)), 20 * one);
  EXPECT_LT(cost(testing::blocked_host(kRows, 200, 200)), 20 * one);
}

TEST(ChainIndex, TheFirstRowAndTheOwnNamespaceOfTheLoopback) {
  auto host = testing::blocked_host(2, 1, 1);
  auto& rows = host.facts.table.connections;
  ChainIndex before(host.facts);
  EXPECT_EQ(before.other_end_of(0), 1U);
  EXPECT_EQ(before.other_end_of(1), 0U);
  EXPECT_EQ(before.row_of(1001), 1U);
  EXPECT_FALSE(before.row_of(0));
  rows.push_back(rows[1]);
  ChainIndex twice(host.facts);
  EXPECT_EQ(twice.other_end_of(0), 1U);
  EXPECT_EQ(twice.row_of(1001), 1U);
  rows[1].netns = Netns{7};
  ChainIndex apart(host.facts);
  EXPECT_EQ(apart.other_end_of(0), 2U);
  EXPECT_FALSE(apart.other_end_of(1));
}

}  // namespace
}  // namespace whywait
