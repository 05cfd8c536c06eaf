// A case: connections that must have the same cause, because they share state, holders (or listener), service
// and whether the application has read the FIN. Every rule of the state judges it.
#pragma once

#include "core/facts.h"
#include "rules/outcome.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace whywait {

// Which end of the connection is on this host.
enum class Side : uint8_t {
  Server,  // some socket listens on the local port
  // Some socket listens on the remote port, or the local port is ephemeral and no socket listens on it.
  Client,
  Unknown,  // a server that stopped listening, or a client with a bound port
};

// What the facts show of the other end.
enum class PeerEnd : uint8_t {
  Open,    // it is on this host, and a process holds it
  Closed,  // it is on this host, and its application has closed it or it no longer exists
  Unseen,  // it is on another host, or in a namespace that was not read
};

// What has changed in a connection since the first look.
enum class ChangeSince : uint8_t {
  Same,      // it is still there, in the same state; nothing was read or sent
  Answered,  // more data was sent, and nothing else has changed
  Moved,     // it was read, closed or has gone
};

// One connection of a case. The class is kept small because a leak has a hundred thousand of them.
class Member {
 public:
  Member() = default;
  Member(uint32_t row, const Answer<Age>& by_clocks);

  uint32_t index = 0;  // index in Facts::table.connections
  PeerEnd peer = PeerEnd::Unseen;
  Answer<ChangeSince> again = tl::unexpected(Missing::NotAsked);
  bool may_have_unsent : 1 = false;  // there may be data that the peer has not acknowledged
  // The kernel's clocks show that there is nothing to read and that nothing was sent for longer than a look
  // takes. A second look could show no more than that it was closed.
  bool still_by_clocks : 1 = false;
  // Data waits to be sent, the peer's window is closed, and nothing was sent for longer than a turn takes.
  bool peer_takes_nothing : 1 = false;
  // Marks that the family of its state sets, one bit each (close_wait/family.h).
  uint8_t marks : 3 = 0;

  // The age according to both looks.
  Answer<Age> age() const;
  bool is_older(Milliseconds than) const {  // surely
    return dating_ != Dating::None && Milliseconds(at_least_ms_) >= than;
  }
  bool is_younger(Milliseconds than) const {  // surely
    return dating_ == Dating::BoundedByClocks && Milliseconds(at_most_ms_) < than;
  }
  // True if the kernel's clocks date it without a second look.
  bool is_dated() const { return dating_ == Dating::Clocks || dating_ == Dating::BoundedByClocks; }
  // Records that the second look found it unchanged `after` the first, which is a lower bound of its age.
  void stood_still(Milliseconds after);

 private:
  // Only BoundedByClocks has an upper bound.
  enum class Dating : uint8_t { None, Look, Clocks, BoundedByClocks };

  Dating dating_ : 2 = Dating::None;
  uint32_t at_least_ms_ = 0;
  uint32_t at_most_ms_ = 0;
};
static_assert(sizeof(Member) <= 16);

inline constexpr uint32_t kNoRow = ~uint32_t{0};

// Sockets of the holders that may lead to other services.
struct Legs {
  uint32_t connections = 0;    // TCP connections, made or accepted on another port
  uint32_t half_closed = 0;    // those of the connections in FIN_WAIT_1 or FIN_WAIT_2
  uint32_t other_sockets = 0;  // UNIX, UDP or unknown
};

// What was judged about the other ends of a case, as far as they are on this host.
struct OtherEnds {
  uint32_t answering = 0;                       // a half-close: an answer flows or is being made
  uint32_t resting = 0;                         // a client's idle pool
  uint32_t at_fault = 0;                        // a fault
  uint32_t stuck = 0;                           // those of the faults whose processes cannot run at all
  uint32_t open = 0;                            // undecided, or too recent to judge
  Confidence confidence = Confidence::Certain;  // in the least certain of the faults
  std::vector<Culprit> culprits;                // of the first of them
};

struct Case {
  State state = State::CloseWait;
  Netns netns{0};
  Side side = Side::Unknown;
  Endpoint service;  // Server: the local port, with an unspecified address. Others: the remote end.
  std::optional<bool> accepted;  // a file refers to them; absent if the source cannot tell
  uint8_t apart = 0;             // Family::apart, the same for all members
  std::vector<Member> members;   // never empty
  // For each member, the row of its other end or kNoRow; empty if none has one.
  std::vector<uint32_t> mirrors;
  std::vector<uint32_t> listeners;  // rows of their listeners, for Side::Server
  // The processes that hold each connection or, if they were never accepted, the listeners. Sorted.
  Answer<std::vector<Pid>> holders = tl::unexpected(Missing::NotAsked);
  // Other sockets of the holders. For Side::Server: those that may be a relay's other leg, or the place from
  // which an answer comes.
  Answer<Legs> other_legs = tl::unexpected(Missing::NotAsked);
  // The number of connections that have waited too long in accept queues of the same holders.
  uint32_t queued_behind = 0;
  OtherEnds other_ends;  // for states that are judged after those of the other ends
};

}  // namespace whywait
