#include "rules/close_wait/likeness.h"

#include "rules/close_wait/patience.h"

namespace whywait {

std::variant<Outcome, Look> look_closer(const Case& c, const Facts& facts) {
  if (!c.accepted) return Outcome(CannotTell{.open_questions = {OpenQuestion::NoInode}});
  if (!*c.accepted) return Outcome(Clear{ClearReason::WasNotAccepted});
  if (fin_of(c) == Fin::Unknown) return Outcome(CannotTell{.open_questions = {OpenQuestion::NoReadQueue}});
  const auto young = split_by_age(c, kInHand);
  if (young.young == c.members.size()) {
    return Outcome(Clear{young.moved == young.young ? ClearReason::Moved : ClearReason::TooYoung});
  }
  return look_at(c, facts);
}

std::optional<Outcome> decided_by_rows(const Case& c, Fin fin) {
  if (!c.accepted) return CannotTell{.open_questions = {OpenQuestion::NoInode}};
  if (!*c.accepted) return Clear{ClearReason::WasNotAccepted};
  const auto is = fin_of(c);
  if (is == Fin::Unknown) return CannotTell{.open_questions = {OpenQuestion::NoReadQueue}};
  if (is != fin) return Clear{is == Fin::Unread ? ClearReason::FinIsUnread : ClearReason::FinIsConsumed};
  return std::nullopt;
}

Peers peers_of(const Case& c) {
  Peers p;
  for (const auto& m : c.members) {
    const bool answered = m.again && *m.again == ChangeSince::Answered;
    if (answered || sent_since_fin(m)) ++p.flowing;
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

}  // namespace whywait
