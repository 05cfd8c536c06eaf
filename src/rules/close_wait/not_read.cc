// CLOSE_WAIT, not-read: the connection is accepted and the FIN is unread. Recv-Q counts the FIN as one, so a
// Recv-Q of at least 1 proves that no read has consumed it. Two healthy patterns look alike: a worker that is
// still busy with this very request, and a client's pool that looks at a connection only when it takes it out
// again. The first has at most one connection for each busy thread and none waiting in the queue behind it;
// the second is never a server's. A process that cannot run reads nothing, whatever the connection is for.
#include "rules/close_wait/likeness.h"
#include "rules/patience.h"
#include "rules/rule.h"

namespace whywait {
namespace {

CannotTell open_questions(const Case& c, const Holders& holders, const AgeSplit& p, Inquiry& inquiry) {
  CannotTell out{.needs = inquiry.take_needs()};
  if (p.old == 0) out.open_questions.push_back(OpenQuestion::LongerLook);
  if (holders.cannot_run) return out;
  if (!as_idle_pool(c, holders).is_no()) out.rivals.push_back(Cause::IdlePool);
  if (!as_blocked_writer(c).is_no()) out.rivals.push_back(Cause::BlockedWriter);
  if (c.holders && !as_held_elsewhere(c, inquiry.facts()).is_no()) out.rivals.push_back(Cause::HeldElsewhere);
  // Other connections have waited in the queue too long behind the one that it works on.
  if (p.old + p.unclear <= holders.busy && c.queued_behind == 0)
    out.open_questions.push_back(OpenQuestion::MayBeAtWork);
  return out;
}

// How long a client has been stopped is not known, and its pool reads nothing while it runs either.
Confidence confidence(const Case& c, const Holders& holders) {
  return holders.cannot_run && c.side == Side::Server ? Confidence::Certain : Confidence::Likely;
}

}  // namespace

Outcome not_read(const Case& c, const Facts& facts) {
  if (auto decided = decided_by_rows(c, Fin::Unread)) return *decided;
  if (split_by_age(c, kCannotRun).young == c.members.size()) return Clear{ClearReason::TooYoung};

  Inquiry inquiry(facts);
  const auto holders = look_at_holders(c, inquiry);
  const auto p = split_by_age(c, holders.cannot_run ? kCannotRun : kInHand);
  if (inquiry.needs().empty() && holders.surely_run && p.young == c.members.size()) {
    return Clear{p.moved == p.young ? ClearReason::Moved : ClearReason::TooYoung};
  }
  auto open = open_questions(c, holders, p, inquiry);
  if (!open.needs.empty() || !open.rivals.empty() || !open.open_questions.empty()) return open;

  Finding f{.cause = Cause::NotRead,
            .acts = Actor::Process,
            .confidence = confidence(c, holders),
            .severity = severity(static_cast<uint32_t>(c.members.size()), holders),
            .culprits = holders.culprits,
            .evidence = {{EvidenceKind::FinUnread, static_cast<int64_t>(c.members.size())}},
            .remedy = remedies(holders, {Remedy::CaptureStacks, Remedy::SetReadTimeout, Remedy::Restart})};
  f.ruled_out.push_back({Cause::IdlePool, as_idle_pool(c, holders).because});
  if (!holders.cannot_run) f.ruled_out.push_back({Cause::BlockedWriter, ClearReason::NothingUnsent});
  add_shared_evidence(f, c, p, holders, facts);
  return f;
}

}  // namespace whywait
