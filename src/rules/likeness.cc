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

std::variant<Outcome, Look> look_at_queue(const Case& c, const Facts& facts) {
  if (pile(c, kCannotRun).young == c.members.size()) return Outcome(Clear{Because::TooYoung});
  Look look{.inquiry = Inquiry(facts), .holders = {}, .pile = {}};
  look.holders = look_at_holders(c, look.inquiry);
  // Who should accept may stay unknown; that the connections stand still may not.
  if (look.inquiry.is_open() || look.inquiry.lacks(Question::SecondLook)) {
    return Outcome(CannotTell{.needs = look.inquiry.take_needs(), .rivals = {}, .doubts = {}});
  }
  look.pile = pile(c, look.holders.cannot_run ? kCannotRun : kInQueue);
  if (look.pile.old > 0) return look;
  if (look.pile.unclear == 0 && look.holders.surely_run) return Outcome(Clear{Because::TooYoung});
  return Outcome(CannotTell{.needs = look.inquiry.take_needs(), .rivals = {}, .doubts = {Doubt::LongerLook}});
}

Peers peers_of(const Case& c) {
  Peers p;
  for (const auto& m : c.members) {
    const bool answered = m.again && *m.again == Again::Answered;
    if (answered || m.sent_since_fin) ++p.flowing;
    switch (m.peer) {
      case PeerEnd::Open: ++p.open; break;
      case PeerEnd::Closed: ++p.closed; break;
      case PeerEnd::Unseen:
        ++p.unseen;
        if (m.is_older(kSilent)) ++p.silent;
        if (m.is_older(kLongSilent)) ++p.long_silent;
        break;
    }
  }
  return p;
}

Outcome otherwise(const Likeness& likeness, Look& look) {
  if (likeness.is_no()) return Clear{likeness.because};
  return CannotTell{.needs = look.inquiry.take_needs(), .rivals = {}, .doubts = {}};
}

}  // namespace whywait
