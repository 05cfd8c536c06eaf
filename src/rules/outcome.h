// What a rule says of a case. No words for people here: those are made in render/.
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
