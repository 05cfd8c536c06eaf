// CLOSE_WAIT, not-accepted: the peer closed while the connection still waits in the listen queue.
//
// An orphan cannot be in CLOSE_WAIT, so one to which no file refers was never accepted: that is certain from
// the row alone. What needs judgement is whether the queue is only being served slowly; hence the age of the
// connections, which is the time that a client has waited in vain, and the second look.
#include "rules/close_wait/likeness.h"
#include "rules/rule.h"

namespace whywait {
namespace {

struct Queues {
  std::vector<Evidence> evidence;
  bool is_full = false;  // one of them; sk_acceptq_is_full: a queue takes one more than its limit
};

Queues accept_queues(const Case& c, const Facts& facts) {
  Queues q;
  for (const auto row : c.listeners) {
    const auto& listener = facts.table.connections.at(row);
    const auto used = listener.recv_q();
    const auto limit = listener.send_q();
    if (used) q.evidence.push_back({EvidenceKind::AcceptQueue, *used, {row}});
    if (used && limit) q.evidence.push_back({EvidenceKind::AcceptQueueLimit, *limit, {row}});
    q.is_full = q.is_full || (used && limit.value_or(0) > 0 && *used > *limit);
  }
  return q;
}

int64_t unread_bytes(const Case& c, const Facts& facts) {
  int64_t sum = 0;
  for (const auto& m : c.members) {
    const auto queued = facts.table.connections.at(m.index).recv_q().value_or(0);
    sum += queued > 0 ? queued - 1 : 0;
  }
  return sum;
}

Severity severity_of(const Case& c, const Holders& holders, const Queues& queues) {
  const auto by_count = severity(static_cast<uint32_t>(c.members.size()), holders);
  const bool service_is_down = holders.cannot_run && by_count >= Severity::Warning;
  return queues.is_full || service_is_down ? Severity::Critical : by_count;
}

}  // namespace

Outcome not_accepted(const Case& c, const Facts& facts) {
  if (!c.accepted) return CannotTell{.open_questions = {OpenQuestion::NoInode}};
  if (*c.accepted) return Clear{ClearReason::WasAccepted};
  auto closer = look_at_queue(c, facts);
  if (auto* decided = std::get_if<Outcome>(&closer)) return std::move(*decided);
  const auto& look = std::get<Look>(closer);

  const auto queues = accept_queues(c, facts);
  const auto count = static_cast<int64_t>(c.members.size());
  Finding f{.cause = Cause::NotAccepted,
            .acts = Actor::Process,
            .confidence = Confidence::Certain,
            .severity = severity_of(c, look.holders, queues),
            .culprits = look.holders.culprits,
            .evidence = {{EvidenceKind::NeverAccepted, count}},
            .remedy = remedies(look.holders, {Remedy::CaptureStacks, Remedy::AcceptFaster, Remedy::Restart})};
  f.evidence.insert(f.evidence.end(), queues.evidence.begin(), queues.evidence.end());
  f.evidence.push_back({EvidenceKind::UnreadBytes, unread_bytes(c, facts)});
  add_shared_evidence(f, c, look.split, look.holders, facts);
  return f;
}

}  // namespace whywait
