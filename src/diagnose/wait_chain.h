// What a process waits for, on this host: from a thread to the connection, pipe, socket or lock that it
// sleeps on, to the process at the other end, to what that one waits for, until the end.
#pragma once

#include "core/facts.h"
#include "rules/outcome.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace whywait {

struct Hop {
  enum class Via : uint8_t { Connection, UnixSocket, Pipe, FileLock, Lock };

  Pid from{0};
  Tid tid{0};            // the first of its threads that wait like this
  uint32_t threads = 0;  // and how many do
  Via via = Via::Connection;
  uint32_t row = 0;                  // Connection: the row of `from`, in Facts::table.connections
  std::optional<uint32_t> peer_row;  // and that of the other end, where it is here
  uint32_t inode = 0;                // UnixSocket, Pipe
  std::optional<Pid> to;             // nothing: on another host, or not seen. Lock: the process itself
  // Certain where the call names it and one process has the other end; Likely where a thread sleeps on it in
  // poll(), which may watch for something else; Possible where several could be meant.
  Confidence confidence = Confidence::Certain;
  Tid owner{0};        // Lock: the thread that has it
  bool loops = false;  // to a process that is in the chain already: they wait for each other
};

struct WaitChain {
  std::vector<Hop> hops;
  std::vector<Need> needs;  // that would lead on; those that a source may still answer among them
  // Of the process at the end, where it was looked at.
  std::optional<BlockedOn> end;
  // It waits for more on the very connection that led to it: each waits for the other to say something.
  bool waits_back = false;
};

// Bounded, and never twice through the same thread.
WaitChain wait_chain(Pid from, const Facts& facts);

// As for a relay, which sleeps in its loop: from the connection of which it waits for the end.
WaitChain wait_chain_by(uint32_t row, Pid from, const Facts& facts);

}  // namespace whywait
