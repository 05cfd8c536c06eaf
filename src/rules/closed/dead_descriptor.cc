// dead-descriptor: descriptors of connections that a reset or a forced close has ended. They are in no table
// that ss reads and still count against the limit. Every server has one now and then, until its next read()
// or write(). No fact shows how long they have been dead, so the question is whether any thread will ever
// learn of it: they are in no epoll set, no thread sleeps on them, and no thread is at work. A client's pool
// learns of it when it takes one out again.
#include "rules/inquiry.h"
#include "rules/rule.h"

namespace whywait {
Outcome dead_descriptor(const Case& c, const Facts& facts) {
  if (!c.accepted) return CannotTell{.needs = {}, .rivals = {}, .open_questions = {OpenQuestion::NoInode}};
  if (!*c.accepted || c.side != Side::Server) return Clear{ClearReason::NoServer};
  if (c.members.size() < kMany) return Clear{ClearReason::AtWork};
  Inquiry inquiry(facts);
  const auto holders = look_at_holders(c, inquiry);
  if (!inquiry.needs().empty()) {
    return CannotTell{.needs = inquiry.take_needs(), .rivals = {}, .open_questions = {}};
  }
  if (holders.culprits.empty() || c.members.size() <= holders.busy) return Clear{ClearReason::AtWork};
  const auto seen = watching(rows_of(c), facts);
  if (seen.known < c.members.size())
    return CannotTell{.needs = {}, .rivals = {}, .open_questions = {OpenQuestion::NoDetails}};
  if (!is_most(seen.unwatched, c.members.size()) || seen.slept_on > 0) return Clear{ClearReason::Watched};
  Finding f{.cause = Cause::DeadDescriptor,
            .acts = Actor::Process,
            .confidence = Confidence::Likely,
            .severity = severity(static_cast<uint32_t>(c.members.size()), holders),
            .culprits = holders.culprits,
            .evidence = {{EvidenceKind::DeadDescriptors, static_cast<int64_t>(c.members.size())}},
            .remedy = remedies(holders, {Remedy::CaptureStacks, Remedy::CloseOnError, Remedy::Restart})};
  add_shared_evidence(f, c, {}, holders, facts);
  return f;
}

}  // namespace whywait
