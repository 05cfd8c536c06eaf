#include "render/reasons.h"

#include "render/evidence_words.h"

#include <array>

#include <fmt/format.h>

namespace whywait::render {
namespace {

struct ReasonWords {
  ClearReason reason;
  std::string_view id;
  std::string_view words;  // {legs}: the descriptors of the process that lead elsewhere
};

constexpr std::array kReasons = {
    ReasonWords{ClearReason::WasAccepted, "was-accepted", "they were accepted"},
    ReasonWords{ClearReason::WasNotAccepted, "was-not-accepted", "they were never accepted"},
    ReasonWords{ClearReason::FinIsUnread, "fin-is-unread", "the FIN is unread"},
    ReasonWords{ClearReason::FinIsConsumed, "fin-is-consumed", "the FIN was read"},
    ReasonWords{ClearReason::TooYoung, "too-young", "too young"},
    ReasonWords{ClearReason::Moved, "moved", "it moved on at the second look"},
    ReasonWords{ClearReason::IsServer, "is-server", "this is the server's end"},
    ReasonWords{ClearReason::CannotRun, "cannot-run", "the process cannot run at all"},
    ReasonWords{ClearReason::PeerHasClosed, "peer-has-closed",
                "the other ends, on this host, are closed for good"},
    ReasonWords{ClearReason::NoOtherLeg, "no-other-leg", "the process has {legs}"},
    ReasonWords{ClearReason::NothingUnsent, "nothing-unsent", "the send queue is empty"},
    ReasonWords{ClearReason::OneHolder, "one-holder", "one process holds each"},
    ReasonWords{ClearReason::LongSilent, "long-silent", "nothing sent for far longer than an answer takes"},
    ReasonWords{ClearReason::ServerHolds, "server-holds", "whoever accepted them still holds them"},
    ReasonWords{ClearReason::EndWasRead, "end-was-read",
                "the end came alone and was read, so that somebody was told of it"},
    ReasonWords{ClearReason::PeerTakes, "peer-takes", "the other end takes data"},
    ReasonWords{ClearReason::NobodyAtWork, "nobody-at-work", "no thread is held up by it"},
    ReasonWords{ClearReason::NoServer, "no-server", "it is no server's"},
    ReasonWords{ClearReason::AtWork, "at-work", "it may be at work for them"},
    ReasonWords{ClearReason::Watched, "watched", "somebody will be told of its end"},
    ReasonWords{ClearReason::NothingUnread, "nothing-unread", "no request waits in it"},
    ReasonWords{ClearReason::KernelOwns, "kernel-owns", "no process holds them, and a timer ends them"},
    ReasonWords{ClearReason::ProcessOwns, "process-owns", "a process still holds them"},
    ReasonWords{ClearReason::PeerAnswers, "peer-answers",
                "the other ends, on this host, are still answering"},
    ReasonWords{ClearReason::PeerAtFault, "peer-at-fault",
                "the process at the other end, on this host, is the one that does not close"},
    ReasonWords{ClearReason::PeerRests, "peer-rests", "the other ends, on this host, rest in a pool"},
    ReasonWords{ClearReason::AnswerUnread, "answer-unread", "this side has not read what the peer sent"},
};

constexpr bool is_in_order() {
  for (size_t i = 0; i < kReasons.size(); ++i) {
    if (kReasons.at(i).reason != static_cast<ClearReason>(i)) return false;
  }
  return kReasons.back().reason == ClearReason::AnswerUnread;
}
static_assert(is_in_order(), "one line for each reason, in the order of the enum");

const ReasonWords& words_of(ClearReason reason) { return kReasons.at(static_cast<size_t>(reason)); }

// Not every finding has counted them.
std::string other_legs(const Finding& finding) {
  if (!has(finding, EvidenceKind::OtherLegs)) return "too few other connections";
  if (value_of(finding, EvidenceKind::OtherLegs) == 0) return "no other connections";
  return fmt::format("only {} that lead elsewhere",
                     plural_of(finding, EvidenceKind::OtherLegs, "descriptor"));
}

}  // namespace

std::string_view id(ClearReason reason) { return words_of(reason).id; }

std::string because(ClearReason reason, const Finding& finding) {
  return fmt::format(fmt::runtime(words_of(reason).words), fmt::arg("legs", other_legs(finding)));
}

}  // namespace whywait::render
