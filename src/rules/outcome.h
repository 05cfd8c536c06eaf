// What a rule says of a case. No words for people here: those are made in render/.
#pragma once

#include "core/cause.h"
#include "core/facts.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace whywait {

enum class Confidence : uint8_t { Certain, Likely, Possible };
enum class Severity : uint8_t { Notice, Warning, Critical };

// A measured fact that a verdict leans on.
enum class Fact : uint8_t {
  NeverAccepted,     // connections to which no file refers
  FinUnread,         // connections whose Recv-Q is 1 or more, the FIN included
  FinConsumed,       // connections whose Recv-Q is 0
  UnreadBytes,       // in all of them, without the FINs
  Unchanged,         // connections that were the same at the second look
  LookedAgain,       // connections that the second look was at: all, or as many as speak for all
  AcceptQueue,       // connections in the listener's queue
  AcceptQueueLimit,  // and how many may be
  PeerClosed,        // connections whose other end, on this host, is closed or gone
  OtherLegs,         // descriptors of the holder that lead elsewhere
  HolderCpu,         // CPU time that the holder used between the looks
  Busy,              // threads of the holder that may be at work for a connection
  DescriptorsOpen,
  DescriptorLimit,
  Unwatched,        // connections that are in no epoll set
  EventPending,     // connections of which an event waits in an epoll set, and nobody fetches it
  WaitedOn,         // connections on which a thread sleeps
  ListenerPending,  // listeners of which an event waits in an epoll set, and nobody fetches it
  SinceRun,         // since any thread of the holder was last given a CPU
  ZeroWindow,       // connections whose peer takes no data
  UnsentBytes,      // in all of them
  PeerWaits,        // connections whose other end, on this host, is held by somebody who waits on it
  AnswerFlows,      // connections on which data was sent after the FIN
  HalfClosedLegs,   // other connections of the holder of which it has closed its side
  Holders,          // processes that hold each of them
  RequestWaits,     // connections with a request that nobody reads
  QueuedBehind,     // connections that were never accepted, because the same process does not come to it
  DeadDescriptors,  // descriptors of connections that are in no table any more
};

enum class Unit : uint8_t { Connections, Bytes, Descriptors, Threads, Microseconds, Processes };

enum class Source : uint8_t {
  SocketTable,
  SecondLook,
  ProcessStat,
  ProcessDescriptors,
  ThreadState,
  SocketDetail,  // the kernel's own structures: BPF iterators, or fdinfo and syscall of /proc
};

struct Evidence {
  Fact fact;
  int64_t value = 0;
  Unit unit = Unit::Connections;
  Source source = Source::SocketTable;

  bool operator==(const Evidence&) const = default;
};

// Why a cause is out of the question.
enum class ClearReason : uint8_t {
  WasAccepted,
  WasNotAccepted,
  FinIsUnread,
  FinIsConsumed,
  TooYoung,       // not yet older than a healthy close can be
  Moved,          // the second look found it read, closed or gone
  IsServer,       // a pool is a client's
  CannotRun,      // the holder cannot run, whatever the connection is for
  PeerHasClosed,  // nobody is left at the other end to read an answer
  NoOtherLeg,     // the holder has nothing else open for so many connections
  NothingUnsent,  // the peer has acknowledged all that was sent
  OneHolder,      // one process only holds them
  LongSilent,     // nothing was sent for far longer than an answer takes
  ServerHolds,    // whoever accepted them still holds them himself
  EndWasRead,     // a read returned the end alone: whoever called it was told
  PeerTakes,      // the other end takes data
  NobodyAtWork,   // nobody is at work for them, and nothing leads to somebody who could be
  NoServer,       // it is a client's
  AtWork,         // the holder answers on it
  Watched,        // somebody will be told of its end
  NothingUnread,  // no request waits in it
};

struct RuledOut {
  Cause cause;
  ClearReason because;

  bool operator==(const RuledOut&) const = default;
};

// What the process that must act waits for.
enum class Block : uint8_t {
  Stopped,
  Traced,
  Frozen,
  Uninterruptible,
  Lock,
  Spinning,
  DescriptorLimit,
  Child,
  Pipe,
  Connection,
  FileLock,
  Timer,
  Idle,
  Unknown,
};

struct BlockedOn {
  Block kind = Block::Unknown;
  std::map<Block, uint32_t> threads;
  std::string
      wait_channel;  // the kernel function in which the first thread of that kind sleeps; may be empty

  bool operator==(const BlockedOn&) const = default;
};

// What to do, least harmful first.
enum class Remedy : uint8_t {
  FindWhoStopped,
  Continue,
  Detach,
  Thaw,
  FindWhatItWaitsFor,
  RaiseDescriptorLimit,
  CaptureStacks,
  CloseOnEndOfFile,
  SetReadTimeout,
  AcceptFaster,
  FindWhoDoesNotRead,
  SetWriteTimeout,
  SeeWhatItHolds,
  CloseInTheChild,
  EvictIdle,
  FindTheOtherLeg,
  SetRelayTimeout,
  CloseOnError,
  Restart,
};

struct Culprit {
  Pid pid{0};
  BlockedOn blocked_on;
};

struct Finding {
  Cause cause = Cause::NotAccepted;
  bool fault = true;  // false: a healthy pattern that looks like one
  Actor acts = Actor::Process;
  Confidence confidence = Confidence::Possible;
  Severity severity = Severity::Notice;
  std::vector<Culprit> culprits;  // the processes that must act; empty where none may be seen
  std::vector<Evidence> evidence;
  std::vector<RuledOut> ruled_out;
  std::vector<Remedy> remedy;
};

struct Clear {
  ClearReason because;
};

// What stands in the way although every need is answered.
enum class OpenQuestion : uint8_t {
  NoInode,      // the table does not tell whether they were accepted
  NoReadQueue,  // the table does not tell whether the FIN was read
  LongerLook,   // their age is not known well enough: a longer second look tells
  MayBeAtWork,  // no more connections than threads that may be serving them
  NoDetails,    // who watches them and who waits on them is not known
};

// `needs` are the facts that would tell; `rivals` the other causes that fit all that can be seen.
struct CannotTell {
  std::vector<Need> needs;
  std::vector<Cause> rivals;
  std::vector<OpenQuestion> open_questions;
};

using Outcome = std::variant<Finding, Clear, CannotTell>;

}  // namespace whywait
