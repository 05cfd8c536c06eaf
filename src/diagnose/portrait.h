// Everything known of one process, port or connection: what `inspect` answers. Pure, and linear in the size
// of the host: of a hundred thousand connections it keeps counts and samples. Rows are indices in
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

// Sockets in one state. Queues are as the kernel counts them (Connection), those of LISTEN left out.
struct StateTally {
  uint32_t count = 0;
  uint32_t unaccepted = 0;   // that wait for accept()
  uint32_t with_recv_q = 0;  // sockets whose Recv-Q is not 0
  uint64_t recv_q = 0;       // bytes, and a FIN for each of them that is unread
  uint32_t with_send_q = 0;
  uint64_t send_q = 0;
  std::optional<Age> oldest;
  EpollTally epoll;
};

struct PeerTally {
  Address address;
  uint32_t count = 0;
};

// Connections of one service: accepted at one local port, or made to one remote end.
struct ServiceTally {
  Side side = Side::Unknown;
  Endpoint end;  // Server: the local port, address unspecified. Else the remote end.
  uint32_t count = 0;
  std::map<State, uint32_t> states;
  std::vector<PeerTally> peers;  // of a server; most connections first, at most kPeersKept
  uint32_t peer_total = 0;
};

// Threads that do the same, as one look at them tells.
enum class WaitsOn : uint8_t {
  NothingNamed,  // the call names no descriptor, and no socket tells that the thread sleeps on it
  Socket,        // `row` is one of them
  OtherSocket,   // a socket that is in no table of TCP
  NoSocket,      // a file, a pipe, an epoll set …
  NotKnown,      // a descriptor of which it is not known what it is
};

struct ThreadTally {
  RunState state = RunState::Sleeping;
  Answer<Call> call = tl::unexpected(Missing::NotAsked);
  Answer<std::string> wait_channel = tl::unexpected(Missing::NotAsked);
  WaitsOn waits_on = WaitsOn::NothingNamed;
  std::optional<State> socket_state;
  // Of the first of them.
  Tid tid{0};
  std::optional<int32_t> fd;
  uint32_t row = 0;
  uint32_t count = 0;
  std::chrono::nanoseconds ran{0};  // CPU time between the looks, of all of them of which it is known
  uint32_t ran_known = 0;
  std::optional<Milliseconds> last_given_cpu;  // of the one that was given one last
};

// Descriptors by what they are.
struct DescriptorTally {
  uint32_t tcp = 0;          // with a row
  uint32_t dead = 0;         // of a connection that is in no table of the kernel any more
  uint32_t mptcp = 0;        // the connection above its subflows
  uint32_t unconnected = 0;  // TCP, not connected, or of which that cannot be told
  uint32_t other = 0;        // sockets of another kind
  uint32_t unknown = 0;      // sockets of which the kind is not known
  uint32_t in_rings = 0;     // sockets that an io_uring of the process holds without a descriptor
};

// A process that holds what was asked about.
struct Subject {
  Pid pid{0};
  uint32_t holds = 0;  // rows of the portrait
  DescriptorTally descriptors;
  std::vector<ThreadTally> threads;  // most threads first
  std::optional<BlockedOn> blocked_on;
  WaitChain chain;
};

// Connections of which both ends are on this host.
struct OtherEnd {
  State here = State::Closed;
  State there = State::Closed;
  std::vector<Pid> holders;  // of the other end, at most kHoldersKept; empty: see why_none
  std::optional<NoHolder> why_none;
  uint32_t count = 0;
  uint32_t row = 0;  // of the first, and of its other end
  uint32_t mirror = 0;
};

struct NoHolderTally {
  uint32_t count = 0;
  uint32_t row = 0;  // of the first
};

struct Portrait {
  Target target;
  // Why the sockets of the process are not known, or not all of them.
  std::optional<Missing> sockets_missing;

  std::vector<uint32_t> rows;       // all; a process' own first, then those in the queues of its listeners
  std::vector<uint32_t> listeners;  // of them, those in LISTEN
  std::map<State, StateTally> states;
  std::vector<ServiceTally> services;  // most connections first, at most kServicesKept
  uint32_t service_total = 0;
  std::map<NoHolder, NoHolderTally> no_holder;

  // The process, or the holders; most rows first, at most kSubjectsKept.
  std::vector<Subject> subjects;
  uint32_t subject_total = 0;

  // A connection whose two ends are both among the rows is counted once, from its server's end where only the
  // port tells them apart.
  std::vector<OtherEnd> other_ends;  // most connections first
  uint32_t ended_there = 0;          // the other end would have to be here, and is not any more
  uint32_t elsewhere = 0;            // on another host, or where the tables that were read do not reach

  // At the second look.
  uint32_t looked_again = 0;
  uint32_t moved = 0;

  std::vector<uint32_t> faults;     // verdicts about them: places in Judgement::faults
  std::vector<uint32_t> normal;     // in Judgement::normal
  std::vector<uint32_t> undecided;  // and in Judgement::undecided
};

inline constexpr size_t kPeersKept = 10;
inline constexpr size_t kServicesKept = 20;
inline constexpr size_t kSubjectsKept = 8;
inline constexpr size_t kHoldersKept = 4;
inline constexpr size_t kOtherEndsNamed = 10;

Portrait make_portrait(const Facts& facts, const Judgement& judgement, const Target& target);

// What a source has to be asked so that the portrait is all it can be, once the holders are known.
std::vector<Need> needs_of(const Portrait& portrait, const Facts& facts);

}  // namespace whywait
