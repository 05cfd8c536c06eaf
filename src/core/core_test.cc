#include "core/address.h"
#include "core/cause.h"
#include "core/connection.h"
#include "core/facts.h"
#include "core/holder_index.h"
#include "core/selection.h"
#include "core/state.h"

#include <algorithm>
#include <random>
#include <tuple>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace whywait {
namespace {

using namespace std::chrono_literals;

TEST(State, EveryNameInEveryDialectIsUnderstood) {
  for (const auto state : kAllStates) {
    for (const auto dialect : kAllDialects)
      EXPECT_EQ(parse_state(name(state, dialect)), state) << name(state, dialect);
  }
}

TEST(State, OtherSpellings) {
  EXPECT_EQ(parse_state("close-wait"), State::CloseWait);
  EXPECT_EQ(parse_state("Listening"), State::Listen);
  EXPECT_EQ(parse_state("SYN_SEND"), State::SynSent);
  EXPECT_EQ(parse_state("timeD_WAIT"), State::TimeWait);
  EXPECT_EQ(parse_state("FIN_WAIT2"), State::FinWait2);
  EXPECT_EQ(parse_state("fin wait 1"), State::FinWait1);
}

TEST(State, WordsThatAreNone) {
  for (const auto* word : {"", "WAIT", "FIN_WAIT", "CLOSE_WAITING", "BOUND", "-"})
    EXPECT_FALSE(parse_state(word)) << word;
}

TEST(Cause, IdsReadBack) {
  for (const auto cause : kAllCauses) EXPECT_EQ(parse_cause(id(cause)), cause);
  EXPECT_FALSE(parse_cause("not-accepted "));
}

TEST(Address, TextReadsBack) {
  for (const auto* t : {"0.0.0.0", "10.1.2.3", "::", "::1", "2001:db8::1", "fe80::1"}) {
    const auto a = Address::parse(t);
    ASSERT_TRUE(a) << t;
    EXPECT_EQ(text(*a), t);
  }
  EXPECT_FALSE(Address::parse("10.1.2"));
  EXPECT_FALSE(Address::parse("localhost"));
}

TEST(Address, EveryOctetIsWritten) {
  for (int i = 0; i < 256; ++i) {
    const auto dotted = fmt::format("{0}.0.{0}.{0}", i);
    EXPECT_EQ(text(*Address::parse(dotted)), dotted);
  }
}

TEST(Address, TheLengthOfAnEndpointIsThatOfItsText) {
  for (const auto* a : {"0.0.0.0", "10.20.199.200", "255.255.255.255", "::", "2001:db8:1:2:3:4:5:6"}) {
    for (const uint16_t port :
         std::initializer_list<uint16_t>{0, 9, 10, 99, 100, 999, 1000, 9999, 10000, 65535}) {
      const Endpoint end{*Address::parse(a), port};
      EXPECT_EQ(text_length(end), text(end).size()) << text(end);
    }
  }
}

TEST(Address, MappedIsIpv4) {
  EXPECT_EQ(Address::parse("::ffff:127.0.0.1"), Address::parse("127.0.0.1"));
  EXPECT_TRUE(Address::parse("::ffff:127.0.0.1")->is_loopback());
  EXPECT_NE(Address::parse("::127.0.0.1"), Address::parse("127.0.0.1"));
}

TEST(Address, NamesAreEqualInWhicheverTableTheyStand) {
  Names here;
  Names there;
  there.add("other");
  const Endpoint one{Address::named("web-1", here), 443};
  const Endpoint same{Address::named("web-1", there), 443};
  EXPECT_EQ(one, same);
  EXPECT_EQ(one <=> same, std::strong_ordering::equal);
  EXPECT_EQ(hash_of(one, 7), hash_of(same, 7));
  EXPECT_EQ(text(same), "web-1:443");
  EXPECT_NE(one.address, Address::named("web-2", here));
  EXPECT_NE(one.address, *Address::parse("10.0.0.1"));
  EXPECT_LT(one.address, Address::named("web-2", here));
  // In the order in which they were added, as rows are sorted by these bytes.
  EXPECT_LT(one.address.bytes(), Address::named("a", here).bytes());
  EXPECT_TRUE(Address::named("localhost.locald", here).is_loopback());
}

// Whatever bytes a source gives, they are no pointer to a name.
TEST(Address, NoBytesAreAName) {
  for (const auto* text : {"ffff::", "ffff::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"})
    EXPECT_FALSE(Address::parse(text)->is_named()) << text;
  EXPECT_EQ(whywait::text(*Address::parse("ffff::1")), "ff7f::1");
  Names names;
  EXPECT_FALSE(Address::v6(Address::named("web-1", names).bytes()).is_named());
}

TEST(Address, Kinds) {
  EXPECT_TRUE(Address::parse("0.0.0.0")->is_unspecified());
  EXPECT_TRUE(Address().is_unspecified());
  EXPECT_TRUE(Address::parse("::1")->is_loopback());
  EXPECT_FALSE(Address::parse("128.0.0.1")->is_loopback());
  EXPECT_EQ(text(Endpoint{*Address::parse("::1"), 80}), "[::1]:80");
}

TEST(Connection, WhatIsNotGivenIsNotZero) {
  Connection c;
  EXPECT_EQ(c.recv_q(), std::nullopt);
  c.set_recv_q(0);
  EXPECT_EQ(c.recv_q(), 0U);
  EXPECT_EQ(c.send_q(), std::nullopt);
  for (uint16_t f = 0; f < Connection::kFields; ++f) c.forget(f);
  EXPECT_EQ(c.recv_q(), std::nullopt);
}

Age close_wait_age(const TcpInfo& info, std::optional<Milliseconds> uptime) {
  Connection c;
  c.state = State::CloseWait;
  return *age_in_state(c, &info, uptime);
}

TEST(Age, OfCloseWaitLiesBetweenTheLastAckAndTheLastData) {
  const auto age = close_wait_age({.last_data_received_ms = 5000, .last_ack_received_ms = 3000}, 1h);
  EXPECT_EQ(age, (Age{3s, 5s}));
}

TEST(Age, HasNoUpperBoundWhereTheClockMayHaveWrapped) {
  const TcpInfo info{.last_data_received_ms = 5000, .last_ack_received_ms = 3000};
  EXPECT_EQ(close_wait_age(info, 24h * 50).at_most, std::nullopt);
  EXPECT_EQ(close_wait_age(info, std::nullopt).at_most, std::nullopt);
  EXPECT_EQ(close_wait_age(info, 24h * 49).at_most, 5s);
}

TEST(Age, OfFinWait2LiesBetweenTheLastAckAndTheLastDataSent) {
  Connection c;
  c.state = State::FinWait2;
  const TcpInfo info{.last_data_sent_ms = 9000, .last_data_received_ms = 100, .last_ack_received_ms = 4000};
  EXPECT_EQ(*age_in_state(c, &info, 1h), (Age{4s, 9s}));
  EXPECT_EQ(age_in_state(c, &info, std::nullopt)->at_most, std::nullopt);
  EXPECT_FALSE(age_in_state(c, nullptr, 1h));  // what the kernel keeps of an orphan has no clocks
}

TEST(Age, BoundsThatCrossByATickAreMended) {
  EXPECT_EQ(close_wait_age({.last_data_received_ms = 3000, .last_ack_received_ms = 3004}, 1h),
            (Age{3004ms, 3004ms}));
}

TEST(Age, OfTimeWaitIsWhatItsTimerHasLeftOfAMinute) {
  Connection c;
  c.state = State::TimeWait;
  EXPECT_FALSE(age_in_state(c, nullptr, 1h));
  c.set_timer({.kind = TimerKind::TimeWait, .retransmits = 0, .expires_in = 45s});
  EXPECT_EQ(age_in_state(c, nullptr, 1h)->at_least, 15s);
}

TEST(Age, OfOtherStatesIsNotKnown) {
  Connection c;
  c.state = State::SynSent;  // whose tcp_info speaks of the uptime
  const TcpInfo info{.last_data_received_ms = 5000, .last_ack_received_ms = 3000};
  EXPECT_EQ(age_in_state(c, &info, 1h).error(), Missing::NotOffered);
}

TEST(HolderTable, FindsAllHoldersOfAnInode) {
  HolderTable t{.rows = {{3, Pid{1}, 5}, {2, Pid{9}, 1}, {3, Pid{2}, 7}, {4, Pid{1}, 6}}};
  t.sort();
  EXPECT_THAT(t.of(3), ::testing::ElementsAre(Holder{3, Pid{1}, 5}, Holder{3, Pid{2}, 7}));
  EXPECT_TRUE(t.of(5).empty());
}

Facts three() {
  Facts f;
  uint32_t inode = 1;
  for (const auto state : {State::Listen, State::CloseWait, State::Established}) {
    Connection c;
    c.state = state;
    c.local.port = 80;
    c.remote.port = static_cast<uint16_t>(1000 + inode);
    c.set_inode(inode++);
    f.table.connections.push_back(c);
  }
  f.holders = HolderTable{.rows = {{2, Pid{7}, 3}}};
  return f;
}

TEST(Select, EachConditionNarrows) {
  const auto f = three();
  EXPECT_THAT(select(f, {}), ::testing::ElementsAre(0, 2, 1));  // by state
  EXPECT_THAT(select(f, {.states = {State::CloseWait, State::Listen}}), ::testing::ElementsAre(0, 1));
  EXPECT_THAT(select(f, {.ports = {1003}}), ::testing::ElementsAre(2));
  EXPECT_THAT(select(f, {.pids = {Pid{7}}}), ::testing::ElementsAre(1));
  EXPECT_TRUE(select(f, {.states = {State::Listen}, .pids = {Pid{7}}}).empty());
}

TEST(Select, OrdersByStateNamespaceLocalAndRemoteEnd) {
  std::mt19937 random(4711);  // the same rows every time
  const auto pick = [&](uint32_t below) { return static_cast<uint32_t>(random() % below); };
  const auto end = [&] {
    std::array<uint8_t, 16> bytes{};
    for (auto& b : bytes) b = static_cast<uint8_t>(pick(8) == 0 ? pick(256) : 0);
    const auto address = pick(2) == 0 ? Address::v6(bytes) : Address::v4({10, 0, bytes[0], bytes[1]});
    return Endpoint{address, static_cast<uint16_t>(pick(4) == 0 ? pick(65536) : 443)};
  };
  Facts f;
  for (int i = 0; i < 2000; ++i) {
    Connection c;
    c.state = kAllStates.at(pick(kAllStates.size()));
    c.netns = Netns{pick(2) == 0 ? pick(3) : pick(UINT32_MAX)};
    c.local = end();
    c.remote = end();
    f.table.connections.push_back(c);
  }
  const auto key = [&](uint32_t i) {  // rows that are the same in all of this keep the table's order
    const auto& c = f.table.connections[i];
    return std::tuple(c.state, c.netns, c.local, c.remote, i);
  };
  const auto rows = select(f, {});
  ASSERT_EQ(rows.size(), 2000U);
  for (size_t i = 1; i < rows.size(); ++i) EXPECT_LT(key(rows[i - 1]), key(rows[i]));
}

TEST(HolderIndex, FindsWhatTheTableFinds) {
  const std::vector<std::vector<uint32_t>> inodes = {
      {}, {5}, {5, 5, 5}, {1, 2, 3, 4, 5, 6, 7, 8}, {1, UINT32_MAX}, {1, 1, 1000, 1001, 1001, 4'000'000'000}};
  for (const auto& list : inodes) {
    HolderTable table;
    for (const auto inode : list) table.rows.push_back({inode, Pid{7}, static_cast<int>(table.rows.size())});
    table.sort();
    const HolderIndex index(table);
    for (const uint32_t inode :
         {1U, 2U, 4U, 5U, 6U, 8U, 9U, 999U, 1000U, 1001U, 1002U, 4'000'000'000U, UINT32_MAX}) {
      const auto found = index.of(inode);
      EXPECT_TRUE(std::ranges::equal(found, table.of(inode))) << inode;
      index.prefetch_start(inode);
      index.prefetch_rows(inode);
    }
    EXPECT_TRUE(index.of(0).empty());
  }
  EXPECT_TRUE(HolderIndex().of(5).empty());
}

}  // namespace
}  // namespace whywait
