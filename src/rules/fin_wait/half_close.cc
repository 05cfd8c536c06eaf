// FIN_WAIT_2, half-close: this side has sent everything and waits for the answer. What was judged of the
// other end shows it if that is on this host; otherwise only time tells it from a peer that does not close.
#include "rules/fin_wait/family.h"
#include "rules/rule.h"

namespace whywait {

Outcome half_close_fin_wait(const Case& c, const Facts& facts) {
  const auto n = c.members.size();
  const auto& ends = c.other_ends;
  const auto decided = decided_by_owner(c);
  if (decided && (c.accepted != true || !is_most(ends.answering, n))) return *decided;
  if (is_most(ends.at_fault, n)) return Clear{ClearReason::PeerAtFault};
  if (is_most(ends.resting, n)) return Clear{ClearReason::PeerRests};
  if (!is_most(ends.answering, n)) {
    if (has_unread_answer(c) == false && is_silent_for(c, kAwaited, facts))
      return Clear{ClearReason::LongSilent};
    return CannotTell{.needs = {}, .rivals = {}, .open_questions = {OpenQuestion::LongerLook}};
  }
  Inquiry inquiry(facts);
  const auto holders = look_at_holders(c, inquiry);
  if (!inquiry.needs().empty())
    return CannotTell{.needs = inquiry.take_needs(), .rivals = {}, .open_questions = {}};
  return Finding{.cause = Cause::HalfClose,
                 .fault = false,
                 .acts = Actor::Nobody,
                 .confidence = Confidence::Likely,
                 .severity = Severity::Notice,
                 .culprits = holders.culprits,
                 .evidence = {{EvidenceKind::ClosedHere, static_cast<int64_t>(n)}},
                 .remedy = {}};
}

}  // namespace whywait
