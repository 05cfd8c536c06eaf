// The outcome of a rule for a case. There is no text for people here; render/ writes it.
#pragma once

#include "core/cause.h"
#include "core/facts.h"
#include "rules/evidence.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace whywait {

enum class Confidence : uint8_t { Certain, Likely, Possible };
enum class Severity : uint8_t { Notice, Warning, Critical };

// Why a cause does not apply.
enum class ClearReason : uint8_t {
  WasAccepted,
  WasNotAccepted,
  FinIsUnread,
  FinIsConsumed,
  TooYoung,       // no older than a healthy close can be
  Moved,          // the second look found them read, closed or gone
  IsServer,       // only clients have a pool
  CannotRun,      // the holder cannot run, whatever the connections are for
  PeerHasClosed,  // no process at the other end can read an answer
  NoOtherLeg,     // the holder has too few other sockets for so many connections
  NothingUnsent,  // the peer has acknowledged everything
  OneHolder,      // only one process holds them
  LongSilent,     // nothing was sent for far longer than an answer takes
  ServerHolds,    // the process that accepted them still holds them
  EndWasRead,     // a read returned 0, so the application knows of the FIN
  PeerTakes,      // the other end accepts data
  NobodyAtWork,   // no thread works on them, and nothing leads to a process that might
  NoServer,       // this end is the client
  AtWork,         // the holder is sending an answer
  Watched,        // a thread or an epoll set will learn that the peer has closed
  NothingUnread,  // there is no unread request
  KernelOwns,     // no process holds them, and a timer ends them
  ProcessOwns,    // a process still holds them
  PeerAnswers,    // the process at the other end, on this host, is still answering
  PeerAtFault,    // the process at the other end, on this host, is the one that does not close
  PeerRests,      // the other end rests in a client's pool
  AnswerUnread,   // the process here has not read what the peer sent
};

struct RuledOut {
  Cause cause;
  ClearReason because;

  bool operator==(const RuledOut&) const = default;
};

// What the process that must act is waiting for.
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
  std::string wait_channel;  // the kernel function in which its first thread sleeps; may be empty

  bool operator==(const BlockedOn&) const = default;
};

// What a person can do, ordered from the least harmful.
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
  FindThePeer,
  LimitTheWait,
  Restart,
};

struct Culprit {
  Pid pid{0};
  BlockedOn blocked_on;
};

struct Finding {
  Cause cause = Cause::NotAccepted;
  bool fault = true;  // false for a healthy pattern that looks like a fault
  Actor acts = Actor::Process;
  Confidence confidence = Confidence::Possible;
  Severity severity = Severity::Notice;
  std::vector<Culprit> culprits;  // the processes that must act; empty if none is visible
  std::vector<Evidence> evidence;
  std::vector<RuledOut> ruled_out;
  std::vector<Remedy> remedy;
};

struct Clear {
  ClearReason because;
};

// What prevents a verdict although every need is answered.
enum class OpenQuestion : uint8_t {
  NoInode,      // the table does not show whether they were accepted
  NoReadQueue,  // the table does not show whether the FIN was read
  LongerLook,   // their age is not known well enough; a longer second look would show it
  MayBeAtWork,  // there are at least as many threads that may be serving them as connections
  NoDetails,    // it is unknown who watches them and who waits on them
  NoOwner,      // the table does not show whether a process still holds them
};

// `needs` are the facts that would decide. `rivals` are the other causes that fit everything visible.
struct CannotTell {
  std::vector<Need> needs;
  std::vector<Cause> rivals;
  std::vector<OpenQuestion> open_questions;
};

using Outcome = std::variant<Finding, Clear, CannotTell>;

}  // namespace whywait
