// A case: connections that must have one and the same cause, because they share state, holders (or listener),
// service and what else the family of their state tells them apart by. Every rule of the state judges it.
#pragma once

#include "core/facts.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace whywait {

// Which end of the connection is here.
enum class Side : uint8_t {
  Server,   // the local port is listened on
  Client,   // the remote port is listened on, or the local one is ephemeral and nobody listens on it
  Unknown,  // a server that stopped listening, or a client with a bound port
};

// What is known of the other end.
enum class PeerEnd : uint8_t {
  Open,    // it is on this host and a process still holds it
  Closed,  // it is on this host, and its application has closed it, or it does not exist any more
  Unseen,  // it is on another host, or where this table does not reach
};

// What the second look found of a connection that the first one saw.
enum class ChangeSince : uint8_t {
  Same,      // still there, in the same state, nothing read, nothing sent
  Answered,  // nothing but that more was sent
  Moved,     // read, closed or gone
};

// Kept small: a leak has a hundred thousand of these.
class Member {
 public:
  Member() = default;
  Member(uint32_t row, const Answer<Age>& by_clocks);

  uint32_t index = 0;  // in Facts::table.connections
  PeerEnd peer = PeerEnd::Unseen;
  Answer<ChangeSince> again = tl::unexpected(Missing::NotAsked);
  bool may_have_unsent : 1 = false;  // data that the peer has not acknowledged
  // Nothing is left to be read and nothing has been sent for longer than a look takes, as the kernel's clocks
  // tell: a second look could see no more than that it was closed at last.
  bool still_by_clocks : 1 = false;
  // Data waits to be sent, the peer's window is shut, and nothing has left for longer than a turn takes.
  bool peer_takes_nothing : 1 = false;
  // What the family of its state sees in it, a bit each (close_wait/family.h).
  uint8_t marks : 3 = 0;

  // Both looks taken together.
  Answer<Age> age() const;
  bool is_older(Milliseconds than) const {  // surely
    return dating_ != Dating::None && Milliseconds(at_least_ms_) >= than;
  }
  bool is_younger(Milliseconds than) const {  // surely
    return dating_ == Dating::BoundedByClocks && Milliseconds(at_most_ms_) < than;
  }
  // The kernel's clocks tell it, without a second look.
  bool is_dated() const { return dating_ == Dating::Clocks || dating_ == Dating::BoundedByClocks; }
  // It was found the same so long after the first look, which is a lower bound of its age.
  void stood_still(Milliseconds after);

 private:
  enum class Dating : uint8_t { None, Look, Clocks, BoundedByClocks };  // only the last has an upper bound

  Dating dating_ : 2 = Dating::None;
  uint32_t at_least_ms_ = 0;
  uint32_t at_most_ms_ = 0;
};
static_assert(sizeof(Member) <= 16);

inline constexpr uint32_t kNoRow = ~uint32_t{0};

// Sockets of a process that may lead elsewhere.
struct Legs {
  uint32_t connections = 0;    // TCP, made or accepted on another port
  uint32_t half_closed = 0;    // of the connections: in FIN_WAIT_1 or FIN_WAIT_2
  uint32_t other_sockets = 0;  // UNIX, UDP, or unknown
};

struct Case {
  State state = State::CloseWait;
  Netns netns{0};
  Side side = Side::Unknown;
  Endpoint service;                 // Server: the local port, address unspecified. Else the remote endpoint.
  std::optional<bool> accepted;     // a file refers to the connections; absent where the source cannot tell
  uint8_t apart = 0;                // Family::apart, the same for all members
  std::vector<Member> members;      // never empty
  std::vector<uint32_t> mirrors;    // row of the other end of each, or kNoRow; empty where none has one
  std::vector<uint32_t> listeners;  // indices of the sockets that listen for them, for Side::Server
  // Processes that hold each of the connections, or, where they were never accepted, the listeners. Sorted.
  Answer<std::vector<Pid>> holders = tl::unexpected(Missing::NotAsked);
  // Of the holders. For Side::Server, what could be the other leg of a relay or the place where an answer
  // comes from.
  Answer<Legs> other_legs = tl::unexpected(Missing::NotAsked);
  // Connections that have waited too long in the queues of the same holders.
  uint32_t queued_behind = 0;
};

}  // namespace whywait
