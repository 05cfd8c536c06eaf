// Facts as literal text: a small host, put together by a test.
#pragma once

#include "core/facts.h"
#include "rules/case.h"

#include <chrono>
#include <deque>
#include <string>

namespace whywait::testing {

using namespace std::chrono_literals;

// The namespace of everything here, read whole.
inline constexpr Netns kNetns{4026531840};
// Between the looks.
inline constexpr Milliseconds kLook{200};

// What a thread is doing.
struct Doing {
  RunState state = RunState::Sleeping;
  Call call = Call::Epoll;
  std::chrono::nanoseconds ran{0};
};

// Connections in CLOSE_WAIT, or in another state that is judged.
struct Pile {
  State state = State::CloseWait;
  uint32_t count = 1;
  uint16_t port = 8080;  // local, or remote where `client`
  bool client = false;
  std::vector<int> pids;  // empty: never accepted
  uint32_t recv_q = 1;
  Age age{20s, 20s};
  PeerEnd peer = PeerEnd::Closed;  // Unseen: on another host
  bool moved = false;              // at the second look
  uint32_t send_q = 0;
  uint32_t bytes_sent = 0;
  Milliseconds sent_ago{25s};
  uint32_t window = 65536;  // of the peer
  bool watched = true;      // in an epoll set, for what comes in
  bool pending = false;     // and an event of it is not fetched
  bool peer_waits = true;   // where it is Open: a thread sleeps on it
};

class World {
 public:
  using Doing = testing::Doing;
  using Pile = testing::Pile;

  World();

  // A process, each of whose threads does this.
  World& process(int pid, const std::string& name, const std::vector<Doing>& threads = {Doing{}});
  Process& edit(int pid) { return *facts_.processes.at(Pid{pid}); }
  Threads& threads(int pid) { return *facts_.threads.at(Pid{pid}); }

  // A socket that listens on 0.0.0.0, held by these.
  World& listener(uint16_t port, const std::vector<int>& pids, uint32_t queued = 0, uint32_t limit = 128);

  World& close_wait(const Pile& pile);

  // The kernel's own structures are read as well: who watches each socket and who waits on it.
  World& with_details();

  // Connections that this process has made and of which it has closed its side.
  World& half_closed(int pid, uint32_t count);

  // Sockets in a ring of this process, and in no table of descriptors, of all that have no holder.
  World& held_by_ring(int pid);

  // Forgets the sockets that listen, as if they had been closed.
  World& stop_listening();

  // An established connection that this process has made.
  World& made_connection(int pid);

  // Descriptors of a process that lead elsewhere.
  World& other_sockets(int pid, uint32_t count);

  Facts facts() const;

 private:
  uint32_t next_inode() { return ++inode_; }
  void hold(uint32_t inode, const std::vector<int>& pids);
  uint32_t add(Connection c, const TcpInfo& info, bool stays);
  void add_detail(uint32_t row, const EpollInterest& epoll, uint32_t waiters);

  Facts facts_;
  HolderTable holders_;
  SocketDetails details_{.rows = {}, .waiters = {}, .others = {}, .everywhere = true};
  bool has_details_ = false;
  std::deque<Answer<SecondLookRow>> later_;  // of each row
  uint32_t inode_ = 1000;
  uint16_t peer_port_ = 40000;
};

}  // namespace whywait::testing
