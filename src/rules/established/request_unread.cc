// request-unread: the stage before CLOSE_WAIT. A client has sent its request and waits, and the process does
// not get to it. In the accept queue that is plain: no loop that copes leaves a connection there for seconds.
// In an accepted socket, unread data is ordinary: a worker is busy with an earlier request, a proxy waits for
// its other side, a broker slows its publishers down. There it is a fault only if the process cannot run, or
// if no thread will ever learn of the data: the socket is in no epoll set and no thread sleeps on it, or an
// event of it is never fetched, or others have waited in the queue of the same process too long.
#include "rules/look.h"
#include "rules/patience.h"
#include "rules/rule.h"
#include "rules/sending/blocked_writer.h"

#include <algorithm>

namespace whywait {
namespace {

Finding finding(const Case& c, const Holders& holders, const AgeSplit& p, const Facts& facts) {
  Finding f{
      .cause = Cause::RequestUnread,
      .acts = Actor::Process,
      .confidence = holders.cannot_run || c.accepted == false ? Confidence::Certain : Confidence::Likely,
      .severity = severity(static_cast<uint32_t>(c.members.size()), holders),
      .culprits = holders.culprits,
      .evidence = {{c.accepted == false ? EvidenceKind::NeverAccepted : EvidenceKind::RequestWaits,
                    static_cast<int64_t>(c.members.size())}},
      .remedy = remedies(holders, {Remedy::CaptureStacks, Remedy::SetReadTimeout, Remedy::Restart})};
  add_shared_evidence(f, c, p, holders, facts);
  return f;
}

Outcome in_queue(const Case& c, const Facts& facts) {
  auto closer = look_at_queue(c, facts);
  if (auto* decided = std::get_if<Outcome>(&closer)) return std::move(*decided);
  const auto& look = std::get<Look>(closer);
  return finding(c, look.holders, look.split, facts);
}

// The other end of one is on this host, and what is known of it does not tell whose it is. Else it might be
// in a case with many others.
bool may_be_of_many(const Case& c) {
  for (size_t i = 0; i < c.mirrors.size(); ++i) {
    if (c.mirrors[i] != kNoRow && c.members[i].peer == PeerEnd::Unseen) return true;
  }
  return false;
}

Outcome in_hand(const Case& c, const Facts& facts) {
  if (c.side != Side::Server) return Clear{ClearReason::NothingUnread};
  if (split_by_age(c, kCannotRun).young == c.members.size()) return Clear{ClearReason::TooYoung};
  Inquiry inquiry(facts);
  const auto holders = look_at_holders(c, inquiry);
  const auto p = split_by_age(c, holders.cannot_run ? kCannotRun : kInHand);
  if (!inquiry.needs().empty()) {
    return CannotTell{.needs = inquiry.take_needs(), .rivals = {}, .open_questions = {}};
  }
  if (holders.cannot_run && p.old > 0) return finding(c, holders, p, facts);
  const auto most = p.old + p.unclear;
  if (!holders.cannot_run && (most < kMany || most <= holders.busy)) {
    if (!may_be_of_many(c)) return Clear{ClearReason::AtWork};
    return CannotTell{.needs = {}, .rivals = {}, .open_questions = {OpenQuestion::NoInode}};
  }
  if (p.old == 0) {
    if (p.unclear == 0) return Clear{ClearReason::TooYoung};
    return CannotTell{.needs = {}, .rivals = {}, .open_questions = {OpenQuestion::LongerLook}};
  }
  const auto blocked = as_blocked_writer(c);
  if (blocked.is_yes() || is_most(holders.other_legs, most)) return Clear{ClearReason::AtWork};
  if (!blocked.is_no())
    return CannotTell{.needs = {}, .rivals = {Cause::BlockedWriter}, .open_questions = {}};
  if (c.queued_behind > 0) return finding(c, holders, p, facts);
  const auto seen = watching(rows_of(c), facts);
  if (seen.known < c.members.size())
    return CannotTell{.needs = {}, .rivals = {}, .open_questions = {OpenQuestion::NoDetails}};
  const auto unfetched = seen.unwatched + seen.pending;
  // /proc does not tell whether an event waits to be fetched.
  const auto untold = seen.known - std::max(seen.pending_known, seen.unwatched);
  if (!is_most(unfetched + untold, c.members.size()) || seen.slept_on > 0) return Clear{ClearReason::Watched};
  if (!is_most(unfetched, c.members.size()))
    return CannotTell{.needs = {}, .rivals = {}, .open_questions = {OpenQuestion::NoDetails}};
  return finding(c, holders, p, facts);
}

}  // namespace

Outcome request_unread(const Case& c, const Facts& facts) {
  if (!c.accepted) return CannotTell{.needs = {}, .rivals = {}, .open_questions = {OpenQuestion::NoInode}};
  if (!*c.accepted) return in_queue(c, facts);
  const auto unread = [&](const Member& m) {
    return facts.table.connections[m.index].recv_q().value_or(0) > 0;
  };
  if (!is_most(count_of(c, unread), c.members.size())) return Clear{ClearReason::NothingUnread};
  return in_hand(c, facts);
}

}  // namespace whywait
