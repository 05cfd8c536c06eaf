// The live source on sockets and processes of this test itself.
#include "sources/live/live.h"

#include "linux/fd.h"
#include "linux/netns.h"
#include "sources/live/holders.h"
#include "sources/live/processes.h"
#include "sources/live/socket_table.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::live {
namespace {

using linux_os::Fd;

struct Listener {
  Fd fd;
  uint16_t port = 0;
};

Listener listen_somewhere() {
  Listener l{.fd = Fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(l.fd.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(l.fd.get(), 5), 0);
  EXPECT_EQ(getsockname(l.fd.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  l.port = ntohs(address.sin_port);
  return l;
}

const Connection* find_port(const SocketTable& table, uint16_t port) {
  for (const auto& c : table.connections) {
    if (c.local.port == port && c.state == State::Listen) return &c;
  }
  return nullptr;
}

uint32_t row_of(const SocketTable& table, uint16_t port) {
  const auto& rows = table.connections;
  const auto it = std::find_if(rows.begin(), rows.end(), [&](const Connection& c) {
    return c.local.port == port && c.state == State::Listen;
  });
  return static_cast<uint32_t>(it - rows.begin());
}

// Both ways must tell the same of the same socket, as far as the poorer one can.
TEST(Live, SockDiagAndProcNetAgree) {
  const auto l = listen_somewhere();
  const auto rich = read_socket_tables(ReadMethod::SockDiag, true);
  const auto poor = read_socket_tables(ReadMethod::ProcNetOnly, true);
  const auto* a = find_port(rich.table, l.port);
  const auto* b = find_port(poor.table, l.port);
  ASSERT_NE(a, nullptr);
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(a->local, b->local);
  EXPECT_EQ(a->netns, b->netns);
  EXPECT_EQ(a->recv_q(), b->recv_q());
  EXPECT_EQ(a->inode(), b->inode());
  EXPECT_EQ(a->uid(), b->uid());
  EXPECT_EQ(a->send_q(), 5U);
  EXPECT_EQ(b->send_q(), std::nullopt);
  EXPECT_TRUE(a->cookie());
  EXPECT_FALSE(b->cookie());
  EXPECT_THAT(rich.gaps, ::testing::IsEmpty());
  ASSERT_EQ(poor.gaps.size(), 1U);
  EXPECT_EQ(poor.gaps[0].what, Gap::What::SocketDetail);
}

TEST(Live, FindsTheHolderAndWhatItIs) {
  const auto l = listen_somewhere();
  Live source({.own_namespace_only = true, .look = Milliseconds(50)});
  auto facts = source.begin();
  const auto* c = find_port(facts.table, l.port);
  ASSERT_NE(c, nullptr);
  const std::vector<Need> needs = {{.what = Question::Holders},
                                   {.what = Question::Process, .pid = Pid{getpid()}},
                                   {.what = Question::Threads, .pid = Pid{getpid()}},
                                   {.what = Question::SecondLook, .row = row_of(facts.table, l.port)}};
  source.answer(needs, facts);
  ASSERT_TRUE(facts.holders);
  const auto holders = facts.holders->of(*c->inode());
  ASSERT_EQ(holders.size(), 1U);
  EXPECT_EQ(holders[0], (Holder{*c->inode(), Pid{getpid()}, l.fd.get()}));

  const auto& me = facts.process(Pid{getpid()});
  ASSERT_TRUE(me);
  EXPECT_EQ(me->name, std::string("unit_tests").substr(0, 15));
  EXPECT_LT(std::chrono::system_clock::now() - me->started, std::chrono::hours(1));
  ASSERT_TRUE(me->descriptors);
  EXPECT_GE(me->descriptors->open, 4U);

  const auto& threads = facts.threads_of(Pid{getpid()});
  ASSERT_TRUE(threads);
  ASSERT_GE(threads->list.size(), 1U);
  EXPECT_GE(threads->window.count(), 50);
  EXPECT_TRUE(threads->list[0].ran);
  const auto& again = facts.second.of(row_of(facts.table, l.port));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->is_there);
  EXPECT_EQ(again->state, State::Listen);
  EXPECT_GE(again->after.count(), 50);
}

struct Connected {
  Fd here;   // accepted
  Fd there;  // a client of the family
};

// A client of 127.0.0.1 to the listener.
Connected connect_to(const Listener& l) {
  Connected c{.here = {}, .there = Fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(l.port);
  EXPECT_EQ(connect(c.there.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  c.here = Fd(accept4(l.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
  EXPECT_TRUE(c.here);
  return c;
}

std::vector<uint32_t> rows_at(const SocketTable& table, uint16_t port) {
  std::vector<uint32_t> out;
  for (uint32_t i = 0; i < table.connections.size(); ++i) {
    const auto& c = table.connections[i];
    if (c.local.port == port && c.state == State::Established) out.push_back(i);
  }
  return out;
}

// Of three accepted connections one is left alone, one is read and one is gone, whose listener is still
// there.
void expect_three_fates(const Listener& l, ReadMethod method) {
  std::vector<Connected> all;
  for (int i = 0; i < 3; ++i) all.push_back(connect_to(l));
  for (const auto& c : all) ASSERT_EQ(send(c.there.get(), "hello", 5, 0), 5);
  Live source({.method = method, .own_namespace_only = true, .look = Milliseconds(10)});
  auto facts = source.begin();
  const auto rows = rows_at(facts.table, l.port);
  ASSERT_EQ(rows.size(), 3U);
  std::array<char, 5> word{};
  ASSERT_EQ(recv(all[1].here.get(), word.data(), word.size(), 0), 5);
  const linger at_once{.l_onoff = 1, .l_linger = 0};  // a reset leaves nothing behind
  ASSERT_EQ(setsockopt(all[2].here.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
  all[2].here = Fd();

  std::vector<Need> needs;
  for (const auto row : rows) needs.push_back({.what = Question::SecondLook, .row = row});
  source.answer(needs, facts);
  int same = 0;
  int read = 0;
  int missing = 0;
  for (const auto row : rows) {
    const auto& again = facts.second.of(row);
    ASSERT_TRUE(again);
    EXPECT_GE(again->after.count(), 10);
    if (!again->is_there) {
      ++missing;
      continue;
    }
    EXPECT_EQ(again->state, State::Established);
    EXPECT_EQ(again->cookie, facts.table.connections[row].cookie());
    EXPECT_EQ(again->inode, facts.table.connections[row].inode());
    EXPECT_EQ(again->bytes_sent.has_value(), method == ReadMethod::SockDiag);
    ++(again->recv_q == 0U ? read : same);
  }
  EXPECT_EQ(same, 1);
  EXPECT_EQ(read, 1);
  EXPECT_EQ(missing, 1);
}

TEST(SecondLook, LooksRowsUp) { expect_three_fates(listen_somewhere(), ReadMethod::SockDiag); }

TEST(SecondLook, ReadsTheWholeTableWhereRowsCannotBeLookedUp) {
  expect_three_fates(listen_somewhere(), ReadMethod::ProcNetOnly);
}

// A socket of IPv6 that serves a client of IPv4 has a mapped address.
TEST(SecondLook, FindsAMappedConnection) {
  Listener l{.fd = Fd(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0))};
  if (!l.fd) GTEST_SKIP() << "no IPv6 here";
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(l.fd.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(l.fd.get(), 5), 0);
  ASSERT_EQ(getsockname(l.fd.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  l.port = ntohs(address.sin6_port);
  expect_three_fates(l, ReadMethod::SockDiag);
}

TEST(Live, AnswersNothingTwice) {
  Live source({.own_namespace_only = true, .look = Milliseconds(50)});
  auto facts = source.begin();
  const Need need{.what = Question::Holders};
  source.answer({&need, 1}, facts);
  const auto gaps = facts.gaps.size();
  source.answer({&need, 1}, facts);
  EXPECT_EQ(facts.gaps.size(), gaps);
}

// Sockets that came and went between two beginnings, and a row that moved after each.
TEST(Live, BegunAgainItForgetsWhatWasBefore) {
  Live source({.bpf = false, .own_namespace_only = true, .look = Milliseconds(50)});
  const auto tells_of_details = ::testing::Contains("details of sockets: /proc");
  for (int time = 0; time < 2; ++time) {
    const auto l = listen_somewhere();
    const auto c = connect_to(l);
    auto facts = source.begin();
    EXPECT_THAT(source.notes(), ::testing::Not(tells_of_details));
    ASSERT_EQ(rows_at(facts.table, l.port).size(), 1U);
    const auto row = rows_at(facts.table, l.port).front();
    ASSERT_EQ(send(c.there.get(), "hello", 5, 0), 5);
    const Pid self{getpid()};
    const std::vector<Need> needs = {{.what = Question::Holders},
                                     {.what = Question::Threads, .pid = self},
                                     {.what = Question::Details, .pid = self},
                                     {.what = Question::SecondLook, .row = row}};
    for (const auto& need : needs) EXPECT_EQ(facts.missing(need), Missing::NotAsked);
    source.answer(needs, facts);
    EXPECT_THAT(source.notes(), tells_of_details);
    EXPECT_THAT(facts.holders->of(*facts.table.connections[row].inode()), ::testing::SizeIs(1));
    ASSERT_TRUE(facts.threads_of(self));
    EXPECT_GE(facts.threads_of(self)->window.count(), 50);
    const auto& again = facts.second.of(row);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->recv_q, 5U);
    EXPECT_GE(again->after.count(), 50);
    EXPECT_LT(again->after.count(), 10'000);
  }
}

// A pid that is in use again, or a descriptor that was closed and opened anew, is not the holder that was
// seen.
TEST(Live, AHolderThatNoLongerHoldsIsGone) {
  const auto l = listen_somewhere();
  const Holder stale{.inode = 1, .pid = Pid{getpid()}, .fd = l.fd.get()};
  EXPECT_EQ(read_process(Pid{getpid()}, {&stale, 1}).error(), Missing::Gone);
  EXPECT_EQ(ThreadWatch(Pid{getpid()}, {&stale, 1}).look_again().error(), Missing::Gone);
}

TEST(Live, AProcessThatEndedIsGone) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_EQ(read_process(Pid{child}, {}).error(), Missing::Gone);
  EXPECT_EQ(ThreadWatch(Pid{child}, {}).look_again().error(), Missing::Gone);
}

TEST(Live, SeesThatAProcessIsStopped) {
  const pid_t child = fork();
  if (child == 0) {
    for (int i = 0; i < 600; ++i) usleep(100'000);
    _exit(0);
  }
  kill(child, SIGSTOP);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, WUNTRACED), child);
  const auto threads = ThreadWatch(Pid{child}, {}).look_again();
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(threads);
  EXPECT_EQ(threads->list.at(0).state, RunState::Stopped);
}

// Holders are read while processes start, pass on descriptors and end: never a row for a socket that was not
// theirs.
TEST(Live, NoWrongHolderWhileProcessesComeAndGo) {
  const auto l = listen_somewhere();
  const auto* c = find_port(read_socket_tables(ReadMethod::SockDiag, true).table, l.port);
  ASSERT_NE(c, nullptr);
  const auto table = read_socket_tables(ReadMethod::SockDiag, true).table;
  const auto inode = *find_port(table, l.port)->inode();
  for (int i = 0; i < 50; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      close(l.fd.get());
      const int other = socket(AF_INET, SOCK_STREAM, 0);  // takes the same descriptor number
      usleep(static_cast<useconds_t>(i) * 100);
      close(other);
      _exit(0);
    }
    const auto holders = read_holders();
    ASSERT_TRUE(holders);
    for (const auto& h : holders->of(inode)) EXPECT_TRUE(h.pid == Pid{getpid()} || h.pid == Pid{child});
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
  }
}

TEST(Namespaces, TheOwnOneIsFirst) {
  const auto all = linux_os::all_namespaces();
  ASSERT_TRUE(all);
  EXPECT_EQ(all->list.at(0).id, *linux_os::own_namespace());
  EXPECT_FALSE(all->list.at(0).fd);
}

}  // namespace
}  // namespace whywait::live
