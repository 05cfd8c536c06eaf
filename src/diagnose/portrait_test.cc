#include "diagnose/portrait.h"

#include "testing/world.h"
#include "testing/worlds.h"

#include <algorithm>

#include <gmock/gmock.h>

namespace whywait {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;
using testing::World;
using namespace std::chrono_literals;

Portrait portrait_of(const Facts& facts, const Target& target) {
  return make_portrait(facts, judge(facts), target);
}

Target ends(const Connection& c) { return Ends{c.local, c.remote}; }

// Forty whose FIN is unread, four in the queue, one connection to elsewhere.
World server() {
  World w;
  w.process(1, "server", {{}, {}, {.call = Call::Futex}}).listener(8080, {1}, 4);
  return w.close_wait({.count = 40, .pids = {1}}).close_wait({.count = 4}).made_connection(1);
}

// The other ends of connections are held by this process.
Facts with_client(Facts facts, Pid client) {
  int32_t fd = 100;
  for (const auto& c : facts.table.connections) {
    if (c.state == State::FinWait2) facts.holders->rows.push_back({*c.inode(), client, fd++});
  }
  facts.holders->sort();
  return facts;
}

TEST(Portrait, OfAProcessCountsWhatItHoldsAndWhatWaitsInItsQueue) {
  const auto facts = server().facts();
  const auto p = portrait_of(facts, Pid{1});
  EXPECT_EQ(p.rows.size(), 46U);
  EXPECT_THAT(p.listeners, SizeIs(1));
  EXPECT_EQ(p.states.at(State::CloseWait).count, 44U);
  EXPECT_EQ(p.states.at(State::CloseWait).unaccepted, 4U);
  EXPECT_EQ(p.states.at(State::CloseWait).with_recv_q, 44U);
  EXPECT_EQ(p.states.at(State::CloseWait).oldest, (Age{20s, 20s}));
  ASSERT_THAT(p.services, SizeIs(2));
  EXPECT_EQ(p.services[0].side, Side::Server);
  EXPECT_EQ(p.services[0].end.port, 8080);
  EXPECT_THAT(p.services[0].peers, SizeIs(1));
  EXPECT_EQ(text(p.services[1].end), "10.9.8.7:5432");
  ASSERT_THAT(p.subjects, SizeIs(1));
  EXPECT_EQ(p.subjects[0].holds, 42U);
  EXPECT_EQ(p.subjects[0].descriptors.tcp, 42U);
  EXPECT_EQ(p.looked_again, 46U);
  EXPECT_EQ(p.moved, 0U);
  EXPECT_EQ(p.ended_there, 44U);
  EXPECT_EQ(p.elsewhere, 1U);
  EXPECT_THAT(p.faults, SizeIs(2));
}

TEST(Portrait, OfAnotherProcessHasNothingOfIt) {
  const auto facts = server().process(2, "other").facts();
  const auto p = portrait_of(facts, Pid{2});
  EXPECT_THAT(p.rows, IsEmpty());
  EXPECT_THAT(p.faults, IsEmpty());
  EXPECT_FALSE(p.sockets_missing);
  EXPECT_EQ(p.subjects[0].pid, Pid{2});
}

TEST(Portrait, OfAPortCountsEachConnectionOnce) {
  World w;
  w.process(1, "server").process(7, "client").listener(8080, {1});
  w.close_wait({.count = 5, .pids = {1}, .peer = PeerEnd::Open});
  const auto facts = with_client(w.facts(), Pid{7});
  const auto p = portrait_of(facts, Port{8080});
  EXPECT_EQ(p.rows.size(), 11U);
  ASSERT_THAT(p.other_ends, SizeIs(1));
  EXPECT_EQ(p.other_ends[0].count, 5U);
  EXPECT_EQ(p.other_ends[0].here, State::CloseWait);
  EXPECT_EQ(p.other_ends[0].there, State::FinWait2);
  EXPECT_THAT(p.other_ends[0].holders, ElementsAre(Pid{7}));
  ASSERT_EQ(p.subject_total, 2U);
  EXPECT_EQ(p.subjects[0].pid, Pid{1});
}

TEST(Portrait, OfAConnectionIsTheSameFromEitherEnd) {
  World w;
  w.process(1, "server").listener(8080, {1});
  w.close_wait({.count = 3, .pids = {1}, .peer = PeerEnd::Open});
  const auto facts = w.facts();
  const auto& c = facts.table.connections[1];
  const auto p = portrait_of(facts, ends(c));
  const auto q = portrait_of(facts, Ends{c.remote, c.local});
  EXPECT_THAT(p.rows, ElementsAre(1, 2));
  EXPECT_EQ(p.rows, q.rows);
  ASSERT_THAT(p.other_ends, SizeIs(1));
  EXPECT_EQ(p.other_ends[0].why_none, NoHolder::Unexplained);
}

TEST(Portrait, SaysOnWhichConnectionAThreadWaits) {
  auto w = server();
  w.threads(1).list[0].system_call = SystemCall{.call = Call::Receive, .fd = 33};
  w.threads(1).list[1].system_call = SystemCall{.call = Call::Receive, .fd = 34};
  auto facts = w.facts();
  facts.holders->rows.back().fd = 33;  // the connection to elsewhere
  const auto p = portrait_of(facts, Pid{1});
  ASSERT_THAT(p.subjects[0].threads, SizeIs(3));
  EXPECT_EQ(p.subjects[0].threads[0].waits_on, WaitsOn::Socket);
  EXPECT_EQ(facts.table.connections[p.subjects[0].threads[0].row].state, State::Established);
  EXPECT_EQ(p.subjects[0].threads[1].waits_on, WaitsOn::NoSocket);
  EXPECT_EQ(p.subjects[0].threads[2].waits_on, WaitsOn::NothingNamed);
  facts.holders = tl::unexpected(Missing::Denied);
  EXPECT_EQ(portrait_of(facts, Pid{1}).subjects[0].threads[0].waits_on, WaitsOn::NotKnown);
}

TEST(Portrait, SaysOnWhichConnectionAThreadThatPollsSleeps) {
  auto facts = server().facts();
  facts.details = SocketDetails{};
  facts.details->waiters = {{45, Tid{3}}};
  const auto p = portrait_of(facts, Pid{1});
  const auto& threads = p.subjects[0].threads;
  const auto it = std::find_if(threads.begin(), threads.end(),
                               [](const ThreadTally& t) { return t.waits_on == WaitsOn::Socket; });
  ASSERT_NE(it, threads.end());
  EXPECT_EQ(it->tid, Tid{3});
  EXPECT_EQ(it->row, 45U);
}

TEST(Portrait, CountsWhoWatches) {
  auto facts = server().facts();
  EXPECT_EQ(portrait_of(facts, Pid{1}).states.at(State::CloseWait).epoll.known, 0U);
  constexpr uint32_t kOneShot = 1U << 30U;
  SocketDetails details;
  details.others.set_epoll({});
  SocketDetail watched;
  watched.row = 1;
  watched.set_epoll({.events = 1, .items = 1, .pending = true});
  SocketDetail disarmed;
  disarmed.row = 2;
  disarmed.set_epoll({.events = kOneShot, .items = 1, .pending = false});
  details.rows = {watched, disarmed};
  details.everywhere = true;
  facts.details = details;
  const auto p = portrait_of(facts, Pid{1});
  const auto& t = p.states.at(State::CloseWait).epoll;
  EXPECT_EQ(t.known, 40U);  // what was never accepted cannot be watched
  EXPECT_EQ(t.unwatched, 38U);
  EXPECT_EQ(t.disarmed, 1U);
  EXPECT_EQ(t.pending, 1U);
  EXPECT_EQ(t.pending_known, 2U);
}

TEST(Portrait, CountsSocketsWithoutARowByTheirKind) {
  auto facts = server().other_sockets(1, 3).facts();
  const auto& last = facts.holders->rows.back();
  facts.holders->not_in_table = {{last.inode - 1, NotInTable::Mptcp}, {last.inode, NotInTable::Other}};
  facts.holders->rings = {{9999, Pid{1}, 5}};
  const auto d = portrait_of(facts, Pid{1}).subjects[0].descriptors;
  EXPECT_EQ(d.other, 1U);
  EXPECT_EQ(d.mptcp, 1U);
  EXPECT_EQ(d.unknown, 1U);
  EXPECT_EQ(d.in_rings, 1U);
}

TEST(Portrait, TellsSilenceFromNothing) {
  World w;
  w.process(1, "secret");
  w.edit(1).descriptors = tl::unexpected(Missing::Denied);
  auto facts = w.facts();
  EXPECT_EQ(portrait_of(facts, Pid{1}).sockets_missing, Missing::Denied);
  facts.processes.at(Pid{1})->descriptors = Descriptors{.open = 269};  // counted, not listed
  facts.holders->pipes.emplace();
  EXPECT_FALSE(portrait_of(facts, Pid{1}).sockets_missing);
  facts.holders->unreadable = 1;
  facts.holders->first_unreadable = Pid{2};
  EXPECT_FALSE(portrait_of(facts, Pid{1}).sockets_missing);
  facts.holders->first_unreadable = Pid{1};
  EXPECT_EQ(portrait_of(facts, Pid{1}).sockets_missing, Missing::Denied);
  facts.holders = tl::unexpected(Missing::CutShort);
  EXPECT_EQ(portrait_of(facts, Pid{1}).sockets_missing, Missing::CutShort);
}

TEST(Portrait, AsksForWhatItLacksAndNoMore) {
  auto facts = server().facts();
  facts.processes = {};
  const auto needs = needs_of(portrait_of(facts, Pid{1}), facts);
  const auto asks = [&](Question what) {
    return std::count_if(needs.begin(), needs.end(), [&](const Need& n) { return n.what == what; });
  };
  EXPECT_EQ(asks(Question::Process), 1);
  EXPECT_EQ(asks(Question::Threads), 1);
  EXPECT_EQ(asks(Question::Details), 1);
  EXPECT_EQ(asks(Question::SecondLook), 45);  // all but the listener
}

TEST(Portrait, OfVeryManyIsShort) {
  World w;
  w.process(1, "server").listener(8080, {1});
  auto facts = w.close_wait({.count = 5000, .pids = {1}, .peer = PeerEnd::Unseen}).facts();
  uint8_t octet = 0;
  for (auto& c : facts.table.connections) {
    ++octet;
    if (c.state == State::CloseWait) c.remote.address = Address::v4({10, 1, octet, 1});
  }
  const auto p = portrait_of(facts, Pid{1});
  EXPECT_EQ(p.services[0].peer_total, 256U);
  EXPECT_THAT(p.services[0].peers, SizeIs(kPeersKept));
  EXPECT_THAT(needs_of(p, facts), SizeIs(Le(110)));
}

// Whatever is missing, nothing is counted that is not there.
TEST(Portrait, OfEveryWorldAddsUp) {
  for (const auto& world : testing::all_worlds()) {
    auto without = world.facts;
    without.holders = tl::unexpected(Missing::Denied);
    without.threads.clear();
    without.processes.clear();
    for (const auto& facts : {world.facts, without, Facts()}) {
      for (const auto& target : {Target(Pid{100}), Target(Port{8080}), Target(Ends{{}, {}})}) {
        const auto p = portrait_of(facts, target);
        size_t sum = 0;
        for (const auto& [state, t] : p.states) sum += t.count;
        EXPECT_EQ(sum, p.rows.size()) << world.name;
        EXPECT_LE(p.moved, p.looked_again) << world.name;
      }
    }
  }
}

}  // namespace
}  // namespace whywait
