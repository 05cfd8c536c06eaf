// Builds the facts of a small host for a test, so that a test can state them literally.
#pragma once

#include "core/facts.h"
#include "rules/case.h"

#include <chrono>
#include <deque>
#include <string>

namespace whywait::testing {

using namespace std::chrono_literals;

// The network namespace of every connection here; its table counts as read completely.
inline constexpr Netns kNetns{4026531840};
// The time between the two looks.
inline constexpr Milliseconds kLook{200};

// What a thread does.
struct Doing {
  RunState state = RunState::Sleeping;
  Call call = Call::Epoll;
  std::chrono::nanoseconds ran{0};
};

// A group of connections that are alike, in CLOSE_WAIT or in another state that rules judge.
struct ConnectionGroup {
  State state = State::CloseWait;
  uint32_t count = 1;
  uint16_t port = 8080;  // the local port, or the remote one if `client`
  bool client = false;
  std::vector<int> pids;  // empty if no process has accepted them
  uint32_t recv_q = 1;
  Age age{20s, 20s};
  PeerEnd peer = PeerEnd::Closed;  // Unseen: the peer is on another host
  bool moved = false;              // they have moved at the second look
  uint32_t send_q = 0;
  uint32_t bytes_sent = 0;
  Milliseconds sent_ago{25s};
  uint32_t window = 65536;     // the peer's
  bool watched = true;         // they are in an epoll set that waits for input
  bool pending = false;        // and an event is ready that no thread has fetched
  std::vector<int> peer_pids;  // if the peer is Open: the holders of its end
  uint32_t peer_recv_q = 0;    // and the Recv-Q of that end
  bool peer_flows = false;     // and data was sent from there since the FIN
  bool peer_waits = true;      // if the peer is Open: a thread of it sleeps on the connection
};

class World {
 public:
  using Doing = testing::Doing;
  using ConnectionGroup = testing::ConnectionGroup;

  World();

  // Adds a process with one thread for each Doing.
  World& process(int pid, const std::string& name, const std::vector<Doing>& threads = {Doing{}});
  Process& edit(int pid) { return *facts_.processes.at(Pid{pid}); }
  Threads& threads(int pid) { return *facts_.threads.at(Pid{pid}); }

  // Adds a listener on 0.0.0.0 that these processes hold.
  World& listener(uint16_t port, const std::vector<int>& pids, uint32_t queued = 0, uint32_t limit = 128);

  World& close_wait(const ConnectionGroup& pile);

  // Adds what only the kernel's structures show: who watches each socket and who waits on it.
  World& with_details();

  // Adds connections that this process has made and half-closed.
  World& half_closed(int pid, uint32_t count);

  // Moves all sockets without a holder into an io_uring of this process, so that no descriptor refers to
  // them.
  World& held_by_ring(int pid);

  // Removes all listeners, as if the process had closed them.
  World& stop_listening();

  // Adds an established connection that this process has made.
  World& made_connection(int pid);

  // Adds descriptors of this process that refer to other sockets.
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
  std::deque<Answer<SecondLookRow>> later_;  // the second look at each row
  uint32_t inode_ = 1000;
  uint16_t peer_port_ = 40000;
};

}  // namespace whywait::testing
