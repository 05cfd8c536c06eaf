#include "rules/look.h"

#include "rules/patience.h"

namespace whywait {

Look look_at(const Case& c, const Facts& facts) {
  Look look{.inquiry = Inquiry(facts), .holders = {}, .split = {}};
  look.holders = look_at_holders(c, look.inquiry);
  look.split = split_by_age(c, kInHand);
  return look;
}

std::variant<Outcome, Look> look_at_queue(const Case& c, const Facts& facts) {
  if (split_by_age(c, kCannotRun).young == c.members.size()) return Outcome(Clear{ClearReason::TooYoung});
  Look look{.inquiry = Inquiry(facts), .holders = {}, .split = {}};
  look.holders = look_at_holders(c, look.inquiry);
  // Who should accept may stay unknown; that the connections stand still may not.
  if (look.inquiry.is_open() || look.inquiry.lacks(Question::SecondLook)) {
    return Outcome(CannotTell{.needs = look.inquiry.take_needs(), .rivals = {}, .open_questions = {}});
  }
  look.split = split_by_age(c, look.holders.cannot_run ? kCannotRun : kInQueue);
  if (look.split.old > 0) return look;
  if (look.split.unclear == 0 && look.holders.surely_run) return Outcome(Clear{ClearReason::TooYoung});
  return Outcome(CannotTell{
      .needs = look.inquiry.take_needs(), .rivals = {}, .open_questions = {OpenQuestion::LongerLook}});
}

Outcome open_or_clear(const Likeness& likeness, Look& look) {
  if (likeness.is_no()) return Clear{likeness.because};
  return CannotTell{.needs = look.inquiry.take_needs(), .rivals = {}, .open_questions = {}};
}

}  // namespace whywait
