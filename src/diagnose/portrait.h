// Everything known about one process, port or connection: the result of `inspect`. Pure, and linear in the
// size of the host: it keeps counts and samples of a hundred thousand connections. Rows are indices in
// Facts::table.connections.
#pragma once

#include "core/no_holder.h"
#include "core/target.h"
#include "diagnose/diagnose.h"
#include "rules/case.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace whywait {

// The sockets in one state. Queues are as in Connection; those of LISTEN are left out.
struct StateTally {
  uint32_t count = 0;
  uint32_t unaccepted = 0;   // sockets that wait for accept()
  uint32_t with_recv_q = 0;  // sockets with a Recv-Q above 0
  uint64_t recv_q = 0;       // in bytes; an unread FIN counts as one
  uint32_t with_send_q = 0;
  uint64_t send_q = 0;
  std::optional<Age> oldest;
  EpollTally epoll;
};

struct PeerTally {
  Address address;
  uint32_t count = 0;
};

// The connections of one service: accepted at one local port, or made to one remote end.
struct ServiceTally {
  Side side = Side::Unknown;
  Endpoint end;  // Server: the local port, with an unspecified address. Others: the remote end.
  uint32_t count = 0;
  std::map<State, uint32_t> states;
  std::vector<PeerTally> peers;  // for a server: most connections first, at most kPeersKept
  uint32_t peer_total = 0;
};

// What a group of threads waits on.
enum class WaitsOn : uint8_t {
  NothingNamed,  // the call has no descriptor, and no socket is known to have the thread asleep on it
  Socket,        // `row` is such a socket
  OtherSocket,   // a socket that is not in the TCP table
  NoSocket,      // a file, a pipe, an epoll set …
  NotKnown,      // a descriptor of unknown kind
};

struct ThreadTally {
  RunState state = RunState::Sleeping;
  Answer<Call> call = tl::unexpected(Missing::NotAsked);
  Answer<std::string> wait_channel = tl::unexpected(Missing::NotAsked);
  WaitsOn waits_on = WaitsOn::NothingNamed;
  std::optional<State> socket_state;
  // Of the first thread of the group.
  Tid tid{0};
  std::optional<int32_t> fd;
  uint32_t row = 0;
  uint32_t count = 0;
  std::chrono::nanoseconds ran{0};  // CPU time between the looks, of all threads for which it is known
  uint32_t ran_known = 0;
  std::optional<Milliseconds> last_given_cpu;  // of the thread that ran last
};

// The descriptors of a process by kind.
struct DescriptorTally {
  uint32_t tcp = 0;          // TCP sockets with a row
  uint32_t dead = 0;         // connections that are in no table of the kernel any more
  uint32_t mptcp = 0;        // MPTCP connections, whose subflows have rows
  uint32_t unconnected = 0;  // TCP sockets that are not connected, or may not be
  uint32_t other = 0;        // sockets of other kinds
  uint32_t unknown = 0;      // sockets of unknown kind
  uint32_t in_rings = 0;     // sockets that an io_uring of the process holds without a descriptor
};

// A process that holds what the user asked about.
struct Subject {
  Pid pid{0};
  uint32_t holds = 0;  // how many rows of the portrait it holds
  DescriptorTally descriptors;
  std::vector<ThreadTally> threads;  // most threads first
  std::optional<BlockedOn> blocked_on;
  WaitChain chain;
};

// Connections with both ends on this host.
struct OtherEnd {
  State here = State::Closed;
  State there = State::Closed;
  std::vector<Pid> holders;  // holders of the other end, at most kHoldersKept; if empty, see why_none
  std::optional<NoHolder> why_none;
  uint32_t count = 0;
  uint32_t row = 0;  // of the first such connection; `mirror` is its other end
  uint32_t mirror = 0;
};

struct NoHolderTally {
  uint32_t count = 0;
  uint32_t row = 0;  // the first one
};

struct Portrait {
  Target target;
  // Why the sockets of the process are unknown or incomplete.
  std::optional<Missing> sockets_missing;

  // All rows; for a process its own first, then those in the queues of its listeners.
  std::vector<uint32_t> rows;
  std::vector<uint32_t> listeners;  // the rows in LISTEN
  std::map<State, StateTally> states;
  std::vector<ServiceTally> services;  // most connections first, at most kServicesKept
  uint32_t service_total = 0;
  std::map<NoHolder, NoHolderTally> no_holder;

  // The process, or the holders; most rows first, at most kSubjectsKept.
  std::vector<Subject> subjects;
  uint32_t subject_total = 0;

  // Connections with both ends on this host. If both ends are among the rows, a connection is counted once;
  // if only the port can tell them apart, from its server's end.
  std::vector<OtherEnd> other_ends;  // most connections first
  uint32_t ended_there = 0;          // the other end was on this host and no longer exists
  uint32_t elsewhere = 0;            // on another host, or in a namespace that was not read

  // Results of the second look.
  uint32_t looked_again = 0;
  uint32_t moved = 0;

  std::vector<uint32_t> faults;     // verdicts about the rows: indices in Judgement::faults
  std::vector<uint32_t> normal;     // indices in Judgement::normal
  std::vector<uint32_t> undecided;  // indices in Judgement::undecided
};

inline constexpr size_t kPeersKept = 10;
inline constexpr size_t kServicesKept = 20;
inline constexpr size_t kSubjectsKept = 8;
inline constexpr size_t kHoldersKept = 4;
inline constexpr size_t kOtherEndsNamed = 10;

Portrait make_portrait(const Facts& facts, const Judgement& judgement, const Target& target);

// The needs that complete the portrait, once the holders are known.
std::vector<Need> needs_of(const Portrait& portrait, const Facts& facts);

}  // namespace whywait
