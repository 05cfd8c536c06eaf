// Evidence: the measured facts that support a verdict. One table has for each kind its id, its unit, its
// source, and how values from several cases, processes or listeners are folded into one value of a finding.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace whywait {

enum class EvidenceKind : uint8_t {
  NeverAccepted,     // connections that no file refers to
  FinUnread,         // connections with a Recv-Q of at least 1, which includes the FIN
  FinConsumed,       // connections with a Recv-Q of 0
  UnreadBytes,       // in all of these connections together, without the FINs
  Unchanged,         // connections that the second look found unchanged
  LookedAgain,       // connections that were looked at again: all, or a sample that stands for all
  AcceptQueue,       // connections in the listener's queue
  AcceptQueueLimit,  // the limit of that queue
  PeerClosed,        // connections whose other end is on this host and closed or gone
  OtherLegs,         // descriptors of the holder that lead to other services
  HolderCpu,         // CPU time that the holders used between the looks
  Busy,              // threads of the holders that may be working on a connection
  DescriptorsOpen,   // of the process that is nearest to its limit
  DescriptorLimit,
  Unwatched,        // connections that are in no epoll set
  EventPending,     // connections with an event in an epoll set that no thread fetches
  WaitedOn,         // connections on which a thread sleeps
  ListenerPending,  // listeners with an event in an epoll set that no thread fetches
  SinceRun,         // time since any thread of the holder was last put on a CPU
  ZeroWindow,       // connections whose peer accepts no data
  UnsentBytes,      // in all of them
  PeerWaits,        // connections whose other end is on this host, held by a process that waits on it
  AnswerFlows,      // connections on which data was sent after the FIN
  HalfClosedLegs,   // other connections that the holder has half-closed
  Holders,          // processes that hold each connection
  RequestWaits,     // connections with a request that the process does not read
  QueuedBehind,     // connections that were not accepted because the same process does not get to it
  DeadDescriptors,  // descriptors whose connection is in no table any more
  ClosedHere,       // connections that this side has closed and whose FIN the peer has acknowledged
  PeerAtFault,      // connections whose other end, on this host, was judged to be at fault
};

enum class Unit : uint8_t { Connections, Bytes, Descriptors, Threads, Microseconds, Processes };

enum class EvidenceSource : uint8_t {
  SocketTable,
  SecondLook,
  ProcessStat,
  ProcessDescriptors,
  ThreadState,
  SocketDetail,  // the kernel's structures: BPF iterators, or fdinfo and syscall in /proc
};

// How several values of one kind become one.
enum class Fold : uint8_t {
  Sum,         // they count connections, each of which is in one case
  SumOfNamed,  // each process or listener counts once, however many cases it is in
  Least,
  Greatest,
  NearestToLimit,  // the value of the process that has used most of its limit
};

struct EvidenceTraits {
  EvidenceKind kind;
  std::string_view id;
  Unit unit;
  EvidenceSource source;
  Fold fold;
};

inline constexpr std::array kEvidence = {
    EvidenceTraits{EvidenceKind::NeverAccepted, "never-accepted", Unit::Connections,
                   EvidenceSource::SocketTable, Fold::Sum},
    EvidenceTraits{EvidenceKind::FinUnread, "fin-unread", Unit::Connections, EvidenceSource::SocketTable,
                   Fold::Sum},
    EvidenceTraits{EvidenceKind::FinConsumed, "fin-consumed", Unit::Connections, EvidenceSource::SocketTable,
                   Fold::Sum},
    EvidenceTraits{EvidenceKind::UnreadBytes, "unread-bytes", Unit::Bytes, EvidenceSource::SocketTable,
                   Fold::Sum},
    EvidenceTraits{EvidenceKind::Unchanged, "unchanged-at-second-look", Unit::Connections,
                   EvidenceSource::SecondLook, Fold::Sum},
    EvidenceTraits{EvidenceKind::LookedAgain, "looked-at-again", Unit::Connections,
                   EvidenceSource::SecondLook, Fold::Sum},
    EvidenceTraits{EvidenceKind::AcceptQueue, "accept-queue", Unit::Connections, EvidenceSource::SocketTable,
                   Fold::SumOfNamed},
    EvidenceTraits{EvidenceKind::AcceptQueueLimit, "accept-queue-limit", Unit::Connections,
                   EvidenceSource::SocketTable, Fold::SumOfNamed},
    EvidenceTraits{EvidenceKind::PeerClosed, "peer-closed", Unit::Connections, EvidenceSource::SocketTable,
                   Fold::Sum},
    EvidenceTraits{EvidenceKind::OtherLegs, "other-legs", Unit::Descriptors,
                   EvidenceSource::ProcessDescriptors, Fold::Greatest},
    EvidenceTraits{EvidenceKind::HolderCpu, "holder-cpu", Unit::Microseconds, EvidenceSource::ThreadState,
                   Fold::SumOfNamed},
    EvidenceTraits{EvidenceKind::Busy, "threads-at-work", Unit::Threads, EvidenceSource::ThreadState,
                   Fold::SumOfNamed},
    EvidenceTraits{EvidenceKind::DescriptorsOpen, "descriptors-open", Unit::Descriptors,
                   EvidenceSource::ProcessDescriptors, Fold::NearestToLimit},
    EvidenceTraits{EvidenceKind::DescriptorLimit, "descriptor-limit", Unit::Descriptors,
                   EvidenceSource::ProcessStat, Fold::NearestToLimit},
    EvidenceTraits{EvidenceKind::Unwatched, "in-no-epoll-set", Unit::Connections,
                   EvidenceSource::SocketDetail, Fold::Sum},
    EvidenceTraits{EvidenceKind::EventPending, "event-not-fetched", Unit::Connections,
                   EvidenceSource::SocketDetail, Fold::Sum},
    EvidenceTraits{EvidenceKind::WaitedOn, "slept-on", Unit::Connections, EvidenceSource::SocketDetail,
                   Fold::Sum},
    EvidenceTraits{EvidenceKind::ListenerPending, "listener-event-not-fetched", Unit::Connections,
                   EvidenceSource::SocketDetail, Fold::SumOfNamed},
    EvidenceTraits{EvidenceKind::SinceRun, "holder-last-given-a-cpu", Unit::Microseconds,
                   EvidenceSource::SocketDetail, Fold::Least},
    EvidenceTraits{EvidenceKind::ZeroWindow, "zero-window", Unit::Connections, EvidenceSource::SocketTable,
                   Fold::Sum},
    EvidenceTraits{EvidenceKind::UnsentBytes, "unsent-bytes", Unit::Bytes, EvidenceSource::SocketTable,
                   Fold::Sum},
    EvidenceTraits{EvidenceKind::PeerWaits, "peer-waits", Unit::Connections, EvidenceSource::SocketDetail,
                   Fold::Sum},
    EvidenceTraits{EvidenceKind::AnswerFlows, "sent-after-fin", Unit::Connections,
                   EvidenceSource::SocketTable, Fold::Sum},
    EvidenceTraits{EvidenceKind::HalfClosedLegs, "half-closed-legs", Unit::Connections,
                   EvidenceSource::SocketTable, Fold::SumOfNamed},
    EvidenceTraits{EvidenceKind::Holders, "holders", Unit::Processes, EvidenceSource::ProcessDescriptors,
                   Fold::Greatest},
    EvidenceTraits{EvidenceKind::RequestWaits, "request-unread", Unit::Connections,
                   EvidenceSource::SocketTable, Fold::Sum},
    EvidenceTraits{EvidenceKind::QueuedBehind, "queued-behind", Unit::Connections,
                   EvidenceSource::SocketTable, Fold::SumOfNamed},
    EvidenceTraits{EvidenceKind::DeadDescriptors, "dead-descriptors", Unit::Descriptors,
                   EvidenceSource::SocketDetail, Fold::Sum},
    EvidenceTraits{EvidenceKind::ClosedHere, "closed-here", Unit::Connections, EvidenceSource::SocketTable,
                   Fold::Sum},
    EvidenceTraits{EvidenceKind::PeerAtFault, "peer-at-fault", Unit::Connections, EvidenceSource::SocketTable,
                   Fold::Sum},
};

constexpr const EvidenceTraits& traits(EvidenceKind kind) { return kEvidence.at(static_cast<size_t>(kind)); }

constexpr bool is_in_order(const decltype(kEvidence)& table) {
  for (size_t i = 0; i < table.size(); ++i) {
    if (table.at(i).kind != static_cast<EvidenceKind>(i)) return false;
  }
  return table.back().kind == EvidenceKind::PeerAtFault;
}
static_assert(is_in_order(kEvidence), "one line for each kind, in the order of the enum");

struct Evidence {
  EvidenceKind kind;
  int64_t value = 0;
  // For SumOfNamed: the pids, or the row of the listener. Empty after folding.
  std::vector<int64_t> of{};

  bool operator==(const Evidence&) const = default;
};

}  // namespace whywait
