// CLOSE_WAIT, not-accepted: the peer closed while the connection still waits in the listen queue.
//
// An orphan cannot be in CLOSE_WAIT, so one to which no file refers was never accepted: that is certain from
// the row alone. What needs judgement is whether the queue is only being served slowly; hence the age of the
// connections, which is the time that a client has waited in vain, and the second look.
#include "rules/close_wait/likeness.h"
#include "rules/rule.h"

namespace whywait {
namespace {

struct Queue {
  uint32_t used = 0;
  uint32_t limit = 0;
  bool full = false;  // one of them; sk_acceptq_is_full: a queue takes one more than its limit
};

Queue accept_queue(const Case& c, const Facts& facts) {
  Queue q;
  for (const auto index : c.listeners) {
    const auto& listener = facts.table.connections.at(index);
    const auto used = listener.recv_q().value_or(0);
    const auto limit = listener.send_q().value_or(0);
    q.used += used;
    q.limit += limit;
    q.full = q.full || (limit > 0 && used > limit);
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

Severity severity_of(const Case& c, const Holders& holders, const Queue& queue) {
  const auto by_count = severity(static_cast<uint32_t>(c.members.size()), holders);
  const bool service_is_down = holders.cannot_run && by_count >= Severity::Warning;
  return queue.full || service_is_down ? Severity::Critical : by_count;
}

}  // namespace

Outcome not_accepted(const Case& c, const Facts& facts) {
  if (!c.accepted) return CannotTell{.open_questions = {OpenQuestion::NoInode}};
  if (*c.accepted) return Clear{ClearReason::WasAccepted};
  auto closer = look_at_queue(c, facts);
  if (auto* decided = std::get_if<Outcome>(&closer)) return std::move(*decided);
  const auto& look = std::get<Look>(closer);

  const auto queue = accept_queue(c, facts);
  const auto count = static_cast<int64_t>(c.members.size());
  Finding f{.cause = Cause::NotAccepted,
            .acts = Actor::Process,
            .confidence = Confidence::Certain,
            .severity = severity_of(c, look.holders, queue),
            .culprits = look.holders.culprits,
            .evidence = {{Fact::NeverAccepted, count, Unit::Connections, Source::SocketTable},
                         {Fact::AcceptQueue, queue.used, Unit::Connections, Source::SocketTable},
                         {Fact::AcceptQueueLimit, queue.limit, Unit::Connections, Source::SocketTable},
                         {Fact::UnreadBytes, unread_bytes(c, facts), Unit::Bytes, Source::SocketTable}},
            .remedy = remedies(look.holders, {Remedy::CaptureStacks, Remedy::AcceptFaster, Remedy::Restart})};
  add_shared_evidence(f, c, look.pile, look.holders, facts);
  return f;
}

}  // namespace whywait
