// Follows on this host what a process waits for: from a thread to the connection, pipe, socket or lock on
// which it sleeps, to the process at the other end, to what that process waits for, and so on.
#pragma once

#include "diagnose/chain_index.h"
#include "rules/outcome.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace whywait {

struct Hop {
  enum class Via : uint8_t { Connection, UnixSocket, Pipe, FileLock, Lock };

  Pid from{0};
  Tid tid{0};            // the first of its threads that wait like this
  uint32_t threads = 0;  // the number of such threads
  Via via = Via::Connection;
  uint32_t row = 0;                  // for Connection: the row of `from`, in Facts::table.connections
  std::optional<uint32_t> peer_row;  // the row of the other end, if it is on this host
  uint32_t inode = 0;                // for UnixSocket and Pipe
  std::optional<Pid> to;             // absent: on another host, or not visible. For Lock: the process itself
  // Certain: the call names it and one process has the other end. Likely: a thread sleeps on it in poll(),
  // which may watch it for another event. Possible: several could be meant.
  Confidence confidence = Confidence::Certain;
  Tid owner{0};        // for Lock: the thread that holds it
  bool loops = false;  // `to` is in the chain already: the processes wait for each other
};

struct WaitChain {
  std::vector<Hop> hops;
  // Needs that would extend the chain, including those that a source may still answer.
  std::vector<Need> needs;
  // What the last process waits for, if that was looked at.
  std::optional<BlockedOn> end;
  // The last process waits for input on the connection that led to it: each end waits for the other.
  bool waits_back = false;
};

// The length of a chain is bounded, and it never passes the same thread twice.
WaitChain wait_chain(Pid from, ChainIndex& index);
WaitChain wait_chain(Pid from, const Facts& facts);  // one alone

// The chain of a relay, which sleeps in its event loop: it begins with the connection for whose end it waits.
WaitChain wait_chain_by(uint32_t row, Pid from, ChainIndex& index);

}  // namespace whywait
