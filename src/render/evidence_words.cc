#include "render/evidence_words.h"

#include "render/page.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace whywait::render {
namespace {

struct EvidenceWords {
  EvidenceKind kind;
  std::string_view words;  // {n} is the number, {all} the number and what it counts; empty: a cause tells it
};

constexpr std::array kWords = {
    EvidenceWords{EvidenceKind::NeverAccepted, ""},
    EvidenceWords{EvidenceKind::FinUnread, ""},
    EvidenceWords{EvidenceKind::FinConsumed, ""},
    EvidenceWords{EvidenceKind::UnreadBytes, "{all} of requests unread"},
    EvidenceWords{EvidenceKind::Unchanged, ""},
    EvidenceWords{EvidenceKind::LookedAgain, ""},
    EvidenceWords{EvidenceKind::AcceptQueue, "{n} in the accept queue"},
    EvidenceWords{EvidenceKind::AcceptQueueLimit, ""},
    EvidenceWords{EvidenceKind::PeerClosed,
                  "the other end of {all}, on this host, is closed: a write would be answered with RST"},
    EvidenceWords{EvidenceKind::OtherLegs, ""},
    EvidenceWords{EvidenceKind::HolderCpu, "{all} of CPU"},
    EvidenceWords{EvidenceKind::Busy, ""},
    EvidenceWords{EvidenceKind::DescriptorsOpen, ""},
    EvidenceWords{EvidenceKind::DescriptorLimit, ""},
    EvidenceWords{EvidenceKind::Unwatched, "{n} in no epoll set"},
    EvidenceWords{EvidenceKind::EventPending, "an event of {n} waits in an epoll set and is not fetched"},
    EvidenceWords{EvidenceKind::WaitedOn, "a thread sleeps on {n}"},
    EvidenceWords{EvidenceKind::ListenerPending,
                  "the listener's event waits in an epoll set and is not fetched"},
    EvidenceWords{EvidenceKind::SinceRun, "last ran {all} ago"},
    EvidenceWords{EvidenceKind::ZeroWindow, ""},
    EvidenceWords{EvidenceKind::UnsentBytes, "{all} unsent"},
    EvidenceWords{EvidenceKind::PeerWaits, ""},
    EvidenceWords{EvidenceKind::AnswerFlows, ""},
    EvidenceWords{EvidenceKind::HalfClosedLegs, ""},
    EvidenceWords{EvidenceKind::Holders, ""},
    EvidenceWords{EvidenceKind::RequestWaits, ""},
    EvidenceWords{EvidenceKind::QueuedBehind, "{all} wait in its listen queue meanwhile"},
    EvidenceWords{EvidenceKind::DeadDescriptors, ""},
    EvidenceWords{EvidenceKind::ClosedHere, ""},
    EvidenceWords{EvidenceKind::PeerAtFault, ""},
};

constexpr bool is_in_order() {
  for (size_t i = 0; i < kWords.size(); ++i) {
    if (kWords.at(i).kind != kEvidence.at(i).kind) return false;
  }
  return kWords.size() == kEvidence.size();
}
static_assert(is_in_order(), "one line for each kind, in the order of the enum");

std::string with_unit(uint64_t n, Unit unit) {
  switch (unit) {
    case Unit::Connections: return plural(n, "connection");
    case Unit::Bytes: return plural(n, "byte");
    case Unit::Descriptors: return plural(n, "descriptor");
    case Unit::Threads: return plural(n, "thread");
    case Unit::Microseconds:
      return duration(std::chrono::duration_cast<Milliseconds>(std::chrono::microseconds(n)));
    case Unit::Processes: return n == 1 ? "1 process" : grouped(n) + " processes";
  }
  return {};
}

auto find(const Finding& finding, EvidenceKind kind) {
  return std::find_if(finding.evidence.begin(), finding.evidence.end(),
                      [&](const Evidence& e) { return e.kind == kind; });
}

}  // namespace

bool has(const Finding& finding, EvidenceKind kind) { return find(finding, kind) != finding.evidence.end(); }

uint64_t value_of(const Finding& finding, EvidenceKind kind) {
  const auto it = find(finding, kind);
  return it == finding.evidence.end() || it->value < 0 ? 0 : static_cast<uint64_t>(it->value);
}

std::string plural_of(const Finding& finding, EvidenceKind kind, std::string_view noun) {
  return plural(value_of(finding, kind), noun);
}

std::string in_words(const Finding& finding, EvidenceKind kind) {
  const auto n = value_of(finding, kind);
  const auto unit = traits(kind).unit;
  const bool is_none = unit == Unit::Microseconds ? !has(finding, kind) : n == 0;
  if (is_none) return {};
  return fmt::format(fmt::runtime(kWords.at(static_cast<size_t>(kind)).words), fmt::arg("n", grouped(n)),
                     fmt::arg("all", with_unit(n, unit)));
}

}  // namespace whywait::render
