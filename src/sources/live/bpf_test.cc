// The iterators on real sockets of this test itself; the same by /proc, compared field by field.
#include "core/no_holder.h"
#include "sources/live/by_iterators.h"
#include "sources/live/details.h"
#include "sources/live/holders.h"
#include "sources/live/socket_table.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::live {
namespace {

using linux_os::Fd;
using namespace std::chrono_literals;

class Bpf : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "BPF needs root";
  }
};

IteratorReading read_now() {
  ByIterators iterators;
  auto reading = iterators.read(true);
  EXPECT_TRUE(reading) << (reading ? "" : reading.error().text());
  return reading ? std::move(*reading) : IteratorReading{};
}

uint32_t inode_of(const Fd& fd) {
  struct stat st {};
  EXPECT_EQ(fstat(fd.get(), &st), 0);
  return static_cast<uint32_t>(st.st_ino);
}

std::optional<uint32_t> row_of(const SocketTable& table, uint32_t inode) {
  for (uint32_t i = 0; i < table.connections.size(); ++i) {
    if (table.connections[i].inode() == inode) return i;
  }
  return std::nullopt;
}

// Both over a UNIX socket, beside a byte (SCM_RIGHTS).
struct Parcel {
  char byte = 'x';
  iovec data{.iov_base = &byte, .iov_len = 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};

  Parcel() {
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
  }
  Parcel(const Parcel&) = delete;
  Parcel& operator=(const Parcel&) = delete;
};

void send_descriptor(const Fd& to, const Fd& what) {
  Parcel parcel;
  auto* header = CMSG_FIRSTHDR(&parcel.message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  const int fd = what.get();
  std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  EXPECT_EQ(sendmsg(to.get(), &parcel.message, 0), 1);
}

// Nothing where the other end is closed.
std::optional<int> receive_descriptor(int from) {
  Parcel parcel;
  if (recvmsg(from, &parcel.message, 0) != 1) return std::nullopt;
  const auto* header = CMSG_FIRSTHDR(&parcel.message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return std::nullopt;
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
  return fd;
}

struct Listener {
  Fd fd;
  sockaddr_in address{};

  explicit Listener(uint16_t port = 0, bool shared = false)
      : fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    if (shared) {
      EXPECT_EQ(setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on), 0);
    }
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(fd.get(), 64), 0);
    EXPECT_EQ(getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  }
  Fd connect_to() const {
    Fd client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return client;
  }
  Fd accept_one() const { return Fd(accept4(fd.get(), nullptr, nullptr, SOCK_CLOEXEC)); }
};

void expect_same(const Connection& x, const Connection& y) {
  EXPECT_EQ(x.state, y.state);
  EXPECT_EQ(x.netns, y.netns);
  EXPECT_EQ(x.local, y.local);
  EXPECT_EQ(x.remote, y.remote);
  EXPECT_EQ(x.recv_q(), y.recv_q());
  EXPECT_EQ(x.send_q(), y.send_q());
  EXPECT_EQ(x.uid(), y.uid());
  EXPECT_EQ(x.cookie(), y.cookie());
  EXPECT_EQ(x.shutdown(), y.shutdown());
  EXPECT_EQ(x.timer()->kind, y.timer()->kind);
}

TEST_F(Bpf, TellsTheSameOfASocketAsSockDiagAndProc) {
  const Listener listener;
  const auto client = listener.connect_to();
  const auto server = listener.accept_one();
  const Fd epoll(epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{.events = EPOLLIN | EPOLLET, .data = {}};
  ASSERT_EQ(epoll_ctl(epoll.get(), EPOLL_CTL_ADD, server.get(), &event), 0);
  ASSERT_EQ(write(client.get(), "abc", 3), 3);
  ASSERT_EQ(shutdown(client.get(), SHUT_WR), 0);

  const auto by_bpf = read_now();
  Facts by_proc;
  auto table = read_socket_tables(ReadMethod::SockDiag, true);
  by_proc.table = std::move(table.table);
  by_proc.holders = read_holders();
  by_proc.details = SocketDetails{};
  read_details({Pid{getpid()}}, by_proc);
  for (const auto* fd : {&listener.fd, &client, &server}) {
    const auto inode = inode_of(*fd);
    const auto a = row_of(by_bpf.table, inode);
    const auto b = row_of(by_proc.table, inode);
    ASSERT_TRUE(a && b);
    const auto& x = by_bpf.table.connections[*a];
    const auto& y = by_proc.table.connections[*b];
    expect_same(x, y);
    if (x.state != State::Listen) {
      const auto* i = by_bpf.table.info(x);
      const auto* k = by_proc.table.info(y);
      ASSERT_TRUE(i != nullptr && k != nullptr);
      EXPECT_EQ(i->bytes_received, k->bytes_received);
      EXPECT_EQ(i->bytes_sent, k->bytes_sent);
      EXPECT_EQ(i->bytes_acknowledged, k->bytes_acknowledged);
      EXPECT_EQ(i->data_segments_in, k->data_segments_in);
      EXPECT_EQ(i->send_window, k->send_window);
      EXPECT_NEAR(i->last_data_received_ms, k->last_data_received_ms, 1000);
      EXPECT_NEAR(i->last_ack_received_ms, k->last_ack_received_ms, 1000);
    }
    const auto held_by = [&](const HolderTable& h) {
      const auto rows = h.of(inode);
      return std::vector(rows.begin(), rows.end());
    };
    EXPECT_EQ(held_by(by_bpf.holders), held_by(*by_proc.holders));
    const auto d = by_bpf.details.of(*a);
    const auto e = by_proc.details->of(*b);
    EXPECT_EQ(d.has_file(), e.has_file());
    // In a pid namespace of its own, other holders may be hidden, and /proc then tells nothing of the sets.
    if (!e.epoll()) continue;
    EXPECT_EQ(d.epoll()->items, e.epoll()->items);
    EXPECT_EQ(d.epoll()->events, e.epoll()->events);
    if (e.waiters()) {
      EXPECT_EQ(d.waiters(), e.waiters());
    }
  }
}

TEST_F(Bpf, TellsAPendingEventFromOneThatWasFetched) {
  const Listener listener;
  const auto client = listener.connect_to();
  const auto server = listener.accept_one();
  const Fd epoll(epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{.events = EPOLLIN | EPOLLET, .data = {}};
  ASSERT_EQ(epoll_ctl(epoll.get(), EPOLL_CTL_ADD, server.get(), &event), 0);
  const auto interest = [&] {
    const auto reading = read_now();
    return reading.details.of(row_of(reading.table, inode_of(server)).value()).epoll().value();
  };
  EXPECT_EQ(interest().pending, false);
  ASSERT_EQ(write(client.get(), "x", 1), 1);
  EXPECT_EQ(interest().pending, true);
  ASSERT_EQ(epoll_wait(epoll.get(), &event, 1, 1000), 1);
  EXPECT_EQ(interest().pending, false);  // edge-triggered: fetched, and what it told was not read
  EXPECT_EQ(interest().events & (EPOLLIN | EPOLLET), uint32_t(EPOLLIN) | EPOLLET);
}

TEST_F(Bpf, NamesTheThreadsThatSleepOnASocket) {
  const Listener listener;
  const auto client = listener.connect_to();
  const auto server = listener.accept_one();
  std::atomic<pid_t> reader{0};
  std::atomic<pid_t> acceptor{0};
  std::thread reads([&] {
    reader = gettid();
    char c = 0;
    EXPECT_EQ(read(server.get(), &c, 1), 1);
  });
  std::thread accepts([&] {
    acceptor = gettid();
    EXPECT_TRUE(listener.accept_one());
  });
  const auto waiters_of = [](const Fd& fd) {
    const auto reading = read_now();
    const auto row = row_of(reading.table, inode_of(fd)).value();
    const auto found = reading.details.waiters_of(row);
    std::vector<pid_t> out;
    for (const auto& w : found) out.push_back(static_cast<pid_t>(w.tid));
    EXPECT_EQ(reading.details.of(row).waiters(), out.size());
    return out;
  };
  std::vector<pid_t> of_server;
  std::vector<pid_t> of_listener;
  for (int i = 0; i < 50 && (of_server.empty() || of_listener.empty()); ++i) {
    std::this_thread::sleep_for(20ms);
    of_server = waiters_of(server);
    of_listener = waiters_of(listener.fd);
  }
  EXPECT_THAT(of_server, ::testing::ElementsAre(reader.load()));
  EXPECT_THAT(of_listener, ::testing::ElementsAre(acceptor.load()));
  EXPECT_EQ(write(client.get(), "x", 1), 1);
  const auto last = listener.connect_to();
  reads.join();
  accepts.join();
}

TEST_F(Bpf, AChildThatIsNotAcceptedIsInOneQueueOfSeveral) {
  const Listener one(0, true);
  const Listener two(ntohs(one.address.sin_port), true);
  std::vector<Fd> clients;
  for (int i = 0; i < 16; ++i) clients.push_back(one.connect_to());
  const auto reading = read_now();
  std::map<uint32_t, uint32_t> children;
  uint32_t unaccepted = 0;
  for (uint32_t i = 0; i < reading.table.connections.size(); ++i) {
    const auto& c = reading.table.connections[i];
    if (c.local.port != ntohs(one.address.sin_port) || c.state == State::Listen) continue;
    ++unaccepted;
    const auto d = reading.details.of(i);
    EXPECT_EQ(c.inode(), 0U);
    EXPECT_EQ(d.has_file(), false);
    ASSERT_TRUE(d.listener());
    ++children[*d.listener()];
  }
  EXPECT_EQ(unaccepted, 16U);
  for (const auto* listener : {&one, &two}) {
    const auto row = row_of(reading.table, inode_of(listener->fd)).value();
    EXPECT_EQ(children[row], reading.table.connections[row].recv_q());
  }
}

TEST_F(Bpf, ADeadConnectionIsARowAlthoughNoTableHasIt) {
  const Listener listener;
  auto client = listener.connect_to();
  const auto server = listener.accept_one();
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ASSERT_EQ(setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
  client = Fd();
  const Fd unconnected(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto reading = read_now();
  const auto row = row_of(reading.table, inode_of(server));
  ASSERT_TRUE(row);
  EXPECT_EQ(reading.table.connections[*row].state, State::Closed);
  EXPECT_FALSE(row_of(reading.table, inode_of(unconnected)));
  EXPECT_EQ(reading.holders.not_in_table_as(inode_of(unconnected)), NotInTable::Unconnected);
  const auto tables = read_socket_tables(ReadMethod::SockDiag, true);
  EXPECT_FALSE(row_of(tables.table, inode_of(server)));
}

TEST_F(Bpf, ASocketInFlightIsFoundInTheQueueOfItsReceiver) {
  const Listener listener;
  const auto client = listener.connect_to();
  auto server = listener.accept_one();
  std::array<int, 2> pair{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair.data()), 0);
  const Fd sender(pair[0]);
  const Fd receiver(pair[1]);
  send_descriptor(sender, server);
  const auto inode = inode_of(server);
  server = Fd();

  auto reading = read_now();
  const auto row = row_of(reading.table, inode);
  ASSERT_TRUE(row);
  EXPECT_THAT(reading.holders.of(inode), ::testing::IsEmpty());
  EXPECT_THAT(reading.holders.in_flight, ::testing::Contains(Holder{inode, Pid{getpid()}, receiver.get()}));
  Facts facts;
  facts.table = std::move(reading.table);
  facts.holders = std::move(reading.holders);
  facts.details = std::move(reading.details);
  EXPECT_EQ(why_no_holder(facts, *row), NoHolder::InFlight);
}

// More than fit into the buffer of one read of the kernel: none is lost between two, and none is told twice.
TEST_F(Bpf, EverySocketIsToldOnce) {
  constexpr int kMany = 400;
  const Listener listener;
  std::vector<Fd> ends;
  for (int i = 0; i < kMany; ++i) {
    ends.push_back(listener.connect_to());
    ends.push_back(listener.accept_one());
  }
  const auto reading = read_now();
  std::set<uint64_t> cookies;
  for (const auto& c : reading.table.connections) {
    EXPECT_TRUE(cookies.insert(c.cookie().value()).second);
  }
  for (const auto& end : ends) {
    EXPECT_TRUE(row_of(reading.table, inode_of(end)));
    EXPECT_EQ(reading.holders.of(inode_of(end)).size(), 1U);
  }
}

// A process that receives descriptors, keeps each for a moment, and closes it.
class Keeper {
 public:
  Keeper() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    pid_ = fork();
    if (pid_ == 0) {
      close(ends[0]);
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      while (const auto fd = receive_descriptor(ends[1])) close(*fd);
      _exit(0);
    }
    close(ends[1]);
    to_ = Fd(ends[0]);
  }
  ~Keeper() {
    to_ = Fd();
    waitpid(pid_, nullptr, 0);
  }
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  Pid pid() const { return Pid{pid_}; }
  void give(const Fd& fd) const { send_descriptor(to_, fd); }

 private:
  pid_t pid_ = -1;
  Fd to_;
};

// Descriptors are opened, inherited, passed and closed at full speed: whoever is named has held the socket.
TEST_F(Bpf, NamesNoHolderThatNeverHeldTheSocket) {
  const Listener listener;
  const Keeper keeper;
  std::atomic<bool> go_on{true};
  std::map<uint32_t, std::set<Pid>> held_by;  // by inode; the churning thread's until it is joined
  std::thread churn([&] {
    while (go_on) {
      const auto client = listener.connect_to();
      const auto server = listener.accept_one();
      const pid_t child = fork();
      if (child == 0) _exit(0);
      held_by[inode_of(client)] = {Pid{getpid()}, Pid{child}};
      held_by[inode_of(server)] = {Pid{getpid()}, Pid{child}, keeper.pid()};
      keeper.give(server);
      waitpid(child, nullptr, 0);
    }
  });
  std::vector<Holder> seen;
  ByIterators iterators;
  const auto end = std::chrono::steady_clock::now() + 3s;
  for (int i = 0; i < 40 && std::chrono::steady_clock::now() < end; ++i) {
    const auto reading = iterators.read(true);
    EXPECT_TRUE(reading);
    if (reading) seen.insert(seen.end(), reading->holders.rows.begin(), reading->holders.rows.end());
  }
  go_on = false;
  churn.join();
  std::map<std::string, int> times;
  for (const auto& h : seen) {
    const auto it = held_by.find(h.inode);
    if (it == held_by.end()) continue;
    EXPECT_TRUE(it->second.contains(h.pid)) << number(h.pid);
    ++times[h.pid == keeper.pid() ? "keeper" : h.pid == Pid{getpid()} ? "this" : "child"];
  }
  for (const auto* who : {"this", "child", "keeper"})
    RecordProperty(std::string("seen_in_") + who, times[who]);
  RecordProperty("connections", static_cast<int>(held_by.size() / 2));
  EXPECT_GT(held_by.size(), 0U);
}

// A pinned program or link is a file.
std::set<std::string> pinned() {
  std::error_code none;
  std::set<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("/sys/fs/bpf", none))
    out.insert(entry.path());
  return out;
}

TEST_F(Bpf, NothingIsLeftWhenTheReaderIsKilled) {
  const auto before = pinned();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ByIterators iterators;
    if (!iterators.read(true)) _exit(1);
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(pinned(), before);
}

}  // namespace
}  // namespace whywait::live
