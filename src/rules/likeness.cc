#include "rules/likeness.h"

#include "rules/patience.h"

namespace whywait {

std::variant<Outcome, Look> look_closer(const Case& c, const Facts& facts) {
  if (!c.accepted) return Outcome(CannotTell{.doubts = {Doubt::NoInode}});
  if (!*c.accepted) return Outcome(Clear{Because::WasNotAccepted});
  if (c.fin == Fin::Unknown) return Outcome(CannotTell{.doubts = {Doubt::NoReadQueue}});
  const auto young = pile(c, kInHand);
  if (young.young == c.members.size()) {
    return Outcome(Clear{young.moved == young.young ? Because::Moved : Because::TooYoung});
  }
  return look_at(c, facts);
}

Look look_at(const Case& c, const Facts& facts) {
  Look look{.inquiry = Inquiry(facts), .holders = {}, .pile = {}};
  look.holders = look_at_holders(c, look.inquiry);
  look.pile = pile(c, kInHand);
  return look;
}

Outcome otherwise(const Likeness& likeness, Look& look) {
  if (likeness.is_no()) return Clear{likeness.because};
  return CannotTell{.needs = look.inquiry.take_needs(), .rivals = {}, .doubts = {}};
}

}  // namespace whywait
