// relay-waiting: a proxy has read the FIN, passed it on, and waits for the end of its other leg. For each
// waiting connection the same process then holds another one in FIN_WAIT_2 (or FIN_WAIT_1): it has passed the
// end on, and the server behind it has not answered. One leg can carry many connections (ssh -L, HTTP/2), and
// a leg may be a UNIX socket, so fewer legs leave the question open. While the peer that has closed waits for
// the answer, it is a half-close like any other.
#include "rules/close_wait/likeness.h"
#include "rules/patience.h"
#include "rules/rule.h"

namespace whywait {

Likeness as_relay(const Case& c, const Holders& holders) {
  if (holders.cannot_run) return Likeness::no(ClearReason::CannotRun);
  const auto p = split_by_age(c, kInHand);
  const auto n = p.old + p.unclear;
  if (!is_most(holders.other_legs, n) && holders.complete) return Likeness::no(ClearReason::NoOtherLeg);
  return is_most(holders.half_closed, n) ? Likeness::yes() : Likeness::unclear();
}

Outcome relay_waiting(const Case& c, const Facts& facts) {
  if (c.accepted == true && fin_of(c) == Fin::Unread) return Clear{ClearReason::FinIsUnread};
  auto closer = look_closer(c, facts);
  if (auto* decided = std::get_if<Outcome>(&closer)) return std::move(*decided);
  auto& look = std::get<Look>(closer);
  const auto likeness = as_relay(c, look.holders);
  const auto half_close = as_half_close(c, look.holders, look.inquiry);
  if (!likeness.is_yes() || !look.inquiry.needs().empty()) return open_or_clear(likeness, look);
  if (half_close.is_yes()) return Clear{ClearReason::AtWork};
  if (!half_close.is_no() || look.split.old == 0) {
    return CannotTell{.needs = {}, .rivals = {Cause::HalfClose}, .open_questions = {}};
  }
  Finding f{.cause = Cause::RelayWaiting,
            .acts = Actor::Peer,
            .confidence = Confidence::Likely,
            .severity = severity(static_cast<uint32_t>(c.members.size()), look.holders),
            .culprits = look.holders.culprits,
            .evidence = {{EvidenceKind::FinConsumed, static_cast<int64_t>(c.members.size())},
                         {EvidenceKind::HalfClosedLegs, look.holders.half_closed, holders_of(c)}},
            .ruled_out = {{Cause::HalfClose, half_close.because}},
            .remedy = {Remedy::FindTheOtherLeg, Remedy::SetRelayTimeout}};
  add_shared_evidence(f, c, look.split, look.holders, facts);
  return f;
}

}  // namespace whywait
