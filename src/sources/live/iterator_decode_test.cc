// Records of the BPF iterators, as bytes.
#include "sources/live/iterator_decode.h"

#include "bpf/records.h"
#include "sources/live/process_decode.h"
#include "sources/live/sockstat_decode.h"
#include "sources/live/thread_times.h"

#include <cstring>
#include <random>

#include <gmock/gmock.h>
#include <netinet/in.h>

namespace whywait::live {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Bytes = std::vector<std::byte>;

constexpr uint32_t kHz = 250;
constexpr Netns kHere{4026531840};
constexpr uint8_t kEstablished = 1;
constexpr uint8_t kClose = 7;
constexpr uint8_t kCloseWait = 8;
constexpr uint8_t kListen = 10;

template <class T>
void append(Bytes& to, const T& record) {
  const auto bytes = std::as_bytes(std::span(&record, 1));
  to.insert(to.end(), bytes.begin(), bytes.end());
}

whywait_socket socket_in(uint8_t state, uint64_t cookie, uint32_t inode) {
  whywait_socket s{};
  s.cookie = cookie;
  s.inode = inode;
  s.state = state;
  s.netns = static_cast<uint32_t>(kHere);
  for (auto* address : {&s.local, &s.remote}) {
    (*address)[10] = (*address)[11] = 0xff;
    (*address)[12] = 127;
    (*address)[15] = 1;
  }
  s.local_port = 80;
  s.remote_port = 40000;
  s.flags = WHYWAIT_HAS_SOCKET | WHYWAIT_HAS_FILE | WHYWAIT_HAS_INFO | WHYWAIT_EPOLL_KNOWN |
            WHYWAIT_WAITERS_KNOWN | WHYWAIT_QUEUE_KNOWN;
  return s;
}

whywait_descriptor descriptor(uint8_t kind, uint32_t pid, int fd, uint32_t inode) {
  return {.pid = pid, .fd = fd, .inode = inode, .protocol = IPPROTO_TCP, .family = 2, .kind = kind};
}

IteratorDecoder::View decode(const Bytes& descriptors, const Bytes& sockets = {}) {
  IteratorDecoder decoder(kHz, {});
  decoder.descriptors(descriptors);
  decoder.sockets(sockets);
  EXPECT_TRUE(decoder.is_at_end());
  return decoder.take();
}

TEST(IteratorDecode, ASocketIsToldOnceAndHeldByAllWhoHaveADescriptor) {
  auto s = socket_in(kCloseWait, 7, 100);
  s.recv_q = 11;
  s.send_q = 3;
  s.uid = 1000;
  s.since_ack_received = 25;  // jiffies
  s.since_data_received = 50;
  s.bytes_sent = 5;
  s.timer = 2;
  s.timer_in = 250;
  s.shutdown = 1;
  Bytes bytes;
  append(bytes, descriptor(WHYWAIT_TCP_FOLLOWS, 10, 3, 100));
  append(bytes, s);
  append(bytes, descriptor(WHYWAIT_TCP, 11, 4, 100));
  const auto view = decode(bytes);
  ASSERT_THAT(view.table.connections, SizeIs(1));
  const auto& c = view.table.connections[0];
  EXPECT_EQ(c.state, State::CloseWait);
  EXPECT_EQ(text(c.local), "127.0.0.1:80");
  EXPECT_EQ(text(c.remote), "127.0.0.1:40000");
  EXPECT_EQ(c.netns, kHere);
  EXPECT_EQ(c.recv_q(), 11U);
  EXPECT_EQ(c.send_q(), 3U);
  EXPECT_EQ(c.uid(), 1000U);
  EXPECT_EQ(c.cookie(), 7U);
  EXPECT_EQ(c.timer(),
            (Timer{.kind = TimerKind::KeepAlive, .retransmits = 0, .expires_in = Milliseconds(1000)}));
  EXPECT_EQ(c.shutdown(), (Shutdown{.receive = true, .send = false}));
  ASSERT_NE(view.table.info(c), nullptr);
  EXPECT_EQ(view.table.info(c)->last_ack_received_ms, 100U);
  EXPECT_EQ(view.table.info(c)->last_data_received_ms, 200U);
  EXPECT_EQ(view.table.info(c)->bytes_sent, 5U);
  const auto holders = view.holders.of(100);
  EXPECT_THAT(std::vector(holders.begin(), holders.end()),
              ElementsAre(Holder{100, Pid{10}, 3}, Holder{100, Pid{11}, 4}));
  EXPECT_THAT(view.details.rows, IsEmpty());  // nothing to tell, and so what is true of all others
  EXPECT_EQ(view.details.of(0).has_file(), true);
  EXPECT_EQ(view.details.of(0).epoll(), (EpollInterest{.events = 0, .items = 0, .pending = false}));
  EXPECT_EQ(view.details.of(0).waiters(), 0U);
}

TEST(IteratorDecode, AChildIsInTheQueueOfExactlyOneListener) {
  Bytes bytes;
  for (const uint32_t i : {0U, 1U}) {  // two of one port: SO_REUSEPORT
    auto listener = socket_in(kListen, 50 + i, 200 + i);
    listener.recv_q = i;
    listener.dead_in_queue = i * 3;
    listener.handshakes = 2;
    append(bytes, descriptor(WHYWAIT_TCP_FOLLOWS, 10, static_cast<int>(i), 200 + i));
    append(bytes, listener);
  }
  auto child = socket_in(kEstablished, 60, 0);
  child.flags = WHYWAIT_HAS_INFO | WHYWAIT_QUEUE_KNOWN;
  child.listener = 51;
  Bytes table;
  append(table, child);
  const auto view = decode(bytes, table);
  ASSERT_THAT(view.table.connections, SizeIs(3));
  EXPECT_EQ(view.details.of(2).listener(), 1U);
  EXPECT_EQ(view.details.of(2).has_file(), false);
  EXPECT_EQ(view.details.of(1).dead_in_queue(), 3U);
  EXPECT_EQ(view.details.of(0).listener(), std::nullopt);
  EXPECT_EQ(view.table.info(view.table.connections[0]), nullptr);  // a listener's mean other things
}

TEST(IteratorDecode, WatchersAndWaitersAreKept) {
  auto s = socket_in(kEstablished, 7, 100);
  s.epoll_items = 2;
  s.epoll_events = 0x2001;
  s.flags |= WHYWAIT_EPOLL_PENDING;
  s.waiter_count = 6;
  for (uint32_t i = 0; i < WHYWAIT_WAITERS; ++i) s.waiters[i] = 900 + i;
  Bytes bytes;
  append(bytes, descriptor(WHYWAIT_TCP_FOLLOWS, 10, 3, 100));
  append(bytes, s);
  const auto view = decode(bytes);
  const auto d = view.details.of(0);
  EXPECT_EQ(d.epoll(), (EpollInterest{.events = 0x2001, .items = 2, .pending = true}));
  EXPECT_EQ(d.waiters(), 6U);
  EXPECT_THAT(view.details.waiters_of(0), SizeIs(WHYWAIT_WAITERS));
  EXPECT_THAT(view.details.waiters_of(1), IsEmpty());
}

TEST(IteratorDecode, DescriptorsWithoutARowSayWhatTheyAre) {
  auto udp = descriptor(WHYWAIT_OTHER_SOCKET, 10, 5, 301);
  udp.protocol = IPPROTO_UDP;
  auto mptcp = descriptor(WHYWAIT_OTHER_SOCKET, 10, 6, 302);
  mptcp.protocol = IPPROTO_MPTCP;
  Bytes bytes;
  append(bytes, udp);
  append(bytes, mptcp);
  append(bytes, descriptor(WHYWAIT_TCP_FOLLOWS, 10, 7, 303));
  append(bytes, socket_in(kClose, 8, 303));  // never connected
  auto dead = socket_in(kClose, 9, 304);
  dead.shutdown = 3;
  append(bytes, descriptor(WHYWAIT_TCP_FOLLOWS, 10, 8, 304));
  append(bytes, dead);
  const auto view = decode(bytes);
  EXPECT_EQ(view.holders.not_in_table_as(301), NotInTable::Other);
  EXPECT_EQ(view.holders.not_in_table_as(302), NotInTable::Mptcp);
  EXPECT_EQ(view.holders.not_in_table_as(303), NotInTable::Unconnected);
  EXPECT_EQ(view.holders.not_in_table_as(304), std::nullopt);
  ASSERT_THAT(view.table.connections, SizeIs(1));
  EXPECT_EQ(view.table.connections[0].state, State::Closed);
  EXPECT_EQ(view.table.connections[0].inode(), 304U);
}

TEST(IteratorDecode, PipesThatLeadOutAreCounted) {
  Bytes bytes;
  append(bytes, descriptor(WHYWAIT_PIPE, 10, 0, 1));  // a standard stream
  append(bytes, descriptor(WHYWAIT_PIPE, 10, 4, 2));
  append(bytes, descriptor(WHYWAIT_PIPE, 10, 5, 3));
  append(bytes, descriptor(WHYWAIT_PIPE, 10, 6, 3));  // both ends: to itself
  const auto view = decode(bytes);
  ASSERT_TRUE(view.holders.pipes);
  EXPECT_EQ(view.holders.pipes->at(Pid{10}), 1U);
  EXPECT_THAT(view.holders.rows, IsEmpty());
}

Bytes some_descriptors() {
  Bytes bytes;
  for (uint32_t i = 1; i <= 20; ++i) {
    append(bytes, descriptor(WHYWAIT_TCP_FOLLOWS, 10, static_cast<int>(i), i));
    append(bytes, socket_in(kCloseWait, i, i));
    append(bytes, descriptor(WHYWAIT_TCP, 11, static_cast<int>(i), i));
  }
  return bytes;
}

TEST(IteratorDecode, ARecordMayBeCutBetweenTwoReads) {
  const auto bytes = some_descriptors();
  for (size_t step : {1U, 7U, 16U, 184U, 1000U}) {
    IteratorDecoder decoder(kHz, {});
    for (size_t at = 0; at < bytes.size(); at += step) {
      decoder.descriptors(std::span(bytes).subspan(at, std::min(step, bytes.size() - at)));
    }
    EXPECT_TRUE(decoder.is_at_end());
    const auto view = decoder.take();
    EXPECT_THAT(view.table.connections, SizeIs(20)) << step;
    EXPECT_THAT(view.holders.rows, SizeIs(40)) << step;
  }
}

TEST(IteratorDecode, BytesThatEndEarlyAreSeenToDoSo) {
  const auto bytes = some_descriptors();
  IteratorDecoder decoder(kHz, {});
  decoder.descriptors(std::span(bytes).first(bytes.size() - 1));
  EXPECT_FALSE(decoder.is_at_end());
}

TEST(IteratorDecode, SurvivesAnyBytes) {
  std::mt19937 random(4711);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same every time
  const auto good = some_descriptors();
  for (int i = 0; i < 2000; ++i) {
    auto bytes = good;
    for (int k = 0; k < 20; ++k) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    IteratorDecoder decoder(kHz, i % 2 == 0 ? std::nullopt : std::optional(kHere));
    decoder.descriptors(bytes);
    IteratorDecoder other(kHz, {});
    other.sockets(bytes);
    EXPECT_LE(decoder.take().table.connections.size(), 200U);
    EXPECT_LE(other.take().table.connections.size(), 200U);
  }
}

TEST(ThreadTimes, AreMeasuredFromTheReaderWhoHasJustBeenGivenACpu) {
  Bytes bytes;
  append(bytes, whywait_thread{
                    .last_arrival = 10'000'000'000, .ran = 5, .pid = 1, .tid = 1, .on_cpu = 1, .unused = 0});
  append(bytes, whywait_thread{
                    .last_arrival = 6'815'000'000, .ran = 77, .pid = 2, .tid = 3, .on_cpu = 0, .unused = 0});
  append(bytes, whywait_thread{.last_arrival = 0, .ran = 0, .pid = 2, .tid = 4, .on_cpu = 0, .unused = 0});
  append(bytes, whywait_thread{
                    .last_arrival = 10'000'000'900, .ran = 1, .pid = 2, .tid = 5, .on_cpu = 1, .unused = 0});
  const auto times = decode_threads(bytes, Tid{1});
  ASSERT_TRUE(times);
  EXPECT_EQ(times->at(Tid{3}).last_given_cpu, Milliseconds(3185));
  EXPECT_EQ(times->at(Tid{3}).ran, std::chrono::nanoseconds(77));
  EXPECT_EQ(times->at(Tid{5}).last_given_cpu, Milliseconds(0));
  EXPECT_FALSE(times->contains(Tid{4}));  // it never ran
  EXPECT_FALSE(decode_threads(bytes, Tid{99}));
}

TEST(Sockstat, AddsBothFamiliesAndNeedsItsLine) {
  constexpr auto kFour = "sockets: used 12\nTCP: inuse 5 orphan 1 tw 7 alloc 100 mem 3\nUDP: inuse 9 mem 0\n";
  const auto s = decode_sockstat(kFour, "TCP6: inuse 2\nUDP6: inuse 4\n");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->in_use, 7U);
  EXPECT_EQ(s->orphans, 1U);
  EXPECT_EQ(s->time_wait, 7U);
  EXPECT_EQ(s->allocated, 100U);
  EXPECT_EQ(decode_sockstat(kFour, "")->in_use, 5U);
  EXPECT_FALSE(decode_sockstat("UDP: inuse 9\n", ""));
  EXPECT_FALSE(decode_sockstat("TCP: inuse x orphan 1 tw 7 alloc 1\n", ""));
  EXPECT_FALSE(decode_sockstat("", ""));
}

TEST(Epoll, ItemsOfASetWithFlagsAndInode) {
  const auto items = decode_epoll(
      "pos:\t0\nflags:\t02\nmnt_id:\t15\nino:\t1057\n"
      "tfd:        5 events:     2019 data:                5  pos:0 ino:1e61 sdev:8\n"
      "tfd:        7 events: 40000000 data: ffffffffffffffff  pos:0 ino:1e62 sdev:8\n");
  ASSERT_THAT(items, SizeIs(2));
  EXPECT_EQ(items[0].fd, 5);
  EXPECT_EQ(items[0].events, 0x2019U);
  EXPECT_EQ(items[0].inode, 0x1e61U);
  EXPECT_EQ(items[1].events, 0x40000000U);
  EXPECT_THAT(decode_epoll("tfd:\n"), SizeIs(1));
  EXPECT_THAT(decode_epoll(""), IsEmpty());
}

TEST(RingFiles, AreNamedByInode) {
  const auto named =
      decode_ring_files("SqThread:\t-1\nUserFiles:\t2\n    0: socket:[4711]\n    1: <none>\nUserBufs:\t0\n");
  ASSERT_TRUE(named);
  EXPECT_THAT(*named, ElementsAre(4711U));
  EXPECT_TRUE(decode_ring_files("UserFiles:\t0\nUserBufs:\t0\n"));
  EXPECT_FALSE(decode_ring_files("UserFiles:\t1\nUserBufs:\t0\n"));  // counted, and not named
  EXPECT_FALSE(decode_ring_files("pos:\t0\n"));
}

}  // namespace
}  // namespace whywait::live
