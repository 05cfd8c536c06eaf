// FIN_WAIT_2, peer-not-closed: this side has closed, the peer has acknowledged that and does not close its
// own side, and a process here still holds the socket. No timer ends that: tcp_fin_timeout is for orphans
// (tcp_rcv_state_process() in net/ipv4/tcp_input.c).
//
// A client that half-closes and waits for its answer looks the same. What tells them apart:
// - the other end is on this host, and a fault of its process was found;
// - this is the server, which has said all that it had to say, and the client on this host sends nothing;
// - the other end is elsewhere, and has been silent for longer than an answer takes;
// - a dump shows an owner and that no timer runs; it can show no more.
#include "rules/fin_wait/family.h"
#include "rules/rule.h"

#include <algorithm>
#include <optional>

namespace whywait {
namespace {

bool no_timer_runs(const Case& c, const Facts& facts) {
  return std::all_of(c.members.begin(), c.members.end(), [&](const Member& m) {
    const auto timer = facts.table.connections[m.index].timer();
    return timer && timer->kind == TimerKind::None;
  });
}

// Nothing if it may be a half-close.
std::optional<Confidence> confidence(const Case& c, const Facts& facts) {
  const auto& ends = c.other_ends;
  if (is_most(ends.at_fault, c.members.size())) return std::max(Confidence::Likely, ends.confidence);
  if (facts.dump) return no_timer_runs(c, facts) ? std::optional(Confidence::Likely) : std::nullopt;
  if (ends.open > 0) {
    const bool has_answered = c.side == Side::Server && is_silent_for(c, kInHand, facts);
    return has_answered ? std::optional(Confidence::Possible) : std::nullopt;
  }
  if (!is_silent_for(c, patience_of(c), facts)) return std::nullopt;
  return is_silent_for(c, kAwaited, facts) ? Confidence::Likely : Confidence::Possible;
}

}  // namespace

Outcome peer_not_closed(const Case& c, const Facts& facts) {
  if (auto decided = decided_by_owner(c)) return *decided;
  const auto n = c.members.size();
  if (has_unread_answer(c).value_or(false)) return Clear{ClearReason::AnswerUnread};
  if (is_most(c.other_ends.answering, n)) return Clear{ClearReason::PeerAnswers};
  if (is_most(c.other_ends.resting, n)) return Clear{ClearReason::PeerRests};
  Inquiry inquiry(facts);
  const auto holders = look_at_holders(c, inquiry);
  const auto certainty = confidence(c, facts);
  if (!certainty || !has_unread_answer(c) || inquiry.is_open())
    return CannotTell{.needs = inquiry.take_needs(), .rivals = {Cause::HalfClose}, .open_questions = {}};
  Finding f{.cause = Cause::PeerNotClosed,
            .acts = Actor::Peer,
            .confidence = *certainty,
            .severity = severity(static_cast<uint32_t>(n), holders),
            .culprits = holders.culprits,
            .evidence = {{EvidenceKind::ClosedHere, static_cast<int64_t>(n)}},
            .remedy = remedies(holders, {Remedy::FindThePeer, Remedy::LimitTheWait})};
  if (c.other_ends.at_fault > 0) f.evidence.push_back({EvidenceKind::PeerAtFault, c.other_ends.at_fault});
  add_shared_evidence(f, c, split_by_age(c, kInHand), holders, facts);
  return f;
}

}  // namespace whywait
