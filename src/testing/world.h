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

// Connections in CLOSE_WAIT.
struct Pile {
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

  Facts facts_;
  HolderTable holders_;
  std::deque<Answer<Later>> later_;  // of each row
  uint32_t inode_ = 1000;
  uint16_t peer_port_ = 40000;
};

}  // namespace whywait::testing
