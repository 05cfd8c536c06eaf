// What a verdict leans on. One table has for each kind its id, its unit, where it was read, and how what was
// measured of several cases, processes or listeners becomes one number of a finding.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace whywait {

enum class EvidenceKind : uint8_t {
  NeverAccepted,     // connections to which no file refers
  FinUnread,         // connections whose Recv-Q is 1 or more, the FIN included
  FinConsumed,       // connections whose Recv-Q is 0
  UnreadBytes,       // in all of them, without the FINs
  Unchanged,         // connections that were the same at the second look
  LookedAgain,       // connections that the second look was at: all, or as many as speak for all
  AcceptQueue,       // connections in the listeners' queues
  AcceptQueueLimit,  // and how many may be
  PeerClosed,        // connections whose other end, on this host, is closed or gone
  OtherLegs,         // descriptors of the holder that lead elsewhere
  HolderCpu,         // CPU time that the holders used between the looks
  Busy,              // threads of the holders that may be at work for a connection
  DescriptorsOpen,   // of the process nearest to its limit
  DescriptorLimit,
  Unwatched,        // connections that are in no epoll set
  EventPending,     // connections of which an event waits in an epoll set, and nobody fetches it
  WaitedOn,         // connections on which a thread sleeps
  ListenerPending,  // listeners of which an event waits in an epoll set, and nobody fetches it
  SinceRun,         // since any thread of the holders was last given a CPU
  ZeroWindow,       // connections whose peer takes no data
  UnsentBytes,      // in all of them
  PeerWaits,        // connections whose other end, on this host, is held by somebody who waits on it
  AnswerFlows,      // connections on which data was sent after the FIN
  HalfClosedLegs,   // other connections of the holders of which they have closed their side
  Holders,          // processes that hold each of them
  RequestWaits,     // connections with a request that nobody reads
  QueuedBehind,     // connections that were never accepted, because the same process does not come to them
  DeadDescriptors,  // descriptors of connections that are in no table any more
};

enum class Unit : uint8_t { Connections, Bytes, Descriptors, Threads, Microseconds, Processes };

enum class EvidenceSource : uint8_t {
  SocketTable,
  SecondLook,
  ProcessStat,
  ProcessDescriptors,
  ThreadState,
  SocketDetail,  // the kernel's own structures: BPF iterators, or fdinfo and syscall of /proc
};

// How several numbers of one kind become one.
enum class Fold : uint8_t {
  Sum,         // they are of connections, and each connection is in one case
  SumOfNamed,  // whoever the evidence is of counts once, in however many cases it is found
  Least,
  Greatest,
  NearestToLimit,  // the process that has used most of its limit speaks for all
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
};

constexpr const EvidenceTraits& traits(EvidenceKind kind) { return kEvidence.at(static_cast<size_t>(kind)); }

constexpr bool is_in_order(const decltype(kEvidence)& table) {
  for (size_t i = 0; i < table.size(); ++i) {
    if (table.at(i).kind != static_cast<EvidenceKind>(i)) return false;
  }
  return table.back().kind == EvidenceKind::DeadDescriptors;
}
static_assert(is_in_order(kEvidence), "one line for each kind, in the order of the enum");

struct Evidence {
  EvidenceKind kind;
  int64_t value = 0;
  // Who it is of, where the kind is SumOfNamed: pids, or the row of a listener. Empty once it is folded.
  std::vector<int64_t> of{};

  bool operator==(const Evidence&) const = default;
};

}  // namespace whywait
