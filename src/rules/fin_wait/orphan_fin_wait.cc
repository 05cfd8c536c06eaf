// FIN_WAIT_2, orphan-fin-wait: the process has closed the connection, and the kernel alone owns what is left
// of it. A timer ends it after net.ipv4.tcp_fin_timeout (tcp_time_wait() in net/ipv4/tcp_minisocks.c),
// whatever the peer does.
//
// That is normal. It is told among the faults only where it shows one that was already found: on a service
// whose clients, on this host, are held by processes that cannot run.
#include "rules/fin_wait/family.h"
#include "rules/rule.h"

namespace whywait {

Outcome orphan_fin_wait(const Case& c, const Facts& /*facts*/) {
  if (!c.accepted) return CannotTell{.open_questions = {OpenQuestion::NoOwner}};
  if (*c.accepted) return Clear{ClearReason::ProcessOwns};
  const auto n = c.members.size();
  const bool clients_are_stuck = c.side == Side::Server && is_most(c.other_ends.stuck, n);
  Finding f{.cause = Cause::OrphanFinWait,
            .fault = clients_are_stuck,
            .acts = clients_are_stuck ? Actor::Peer : Actor::Nobody,
            .confidence = Confidence::Certain,
            .severity = Severity::Notice,
            .culprits = clients_are_stuck ? c.other_ends.culprits : std::vector<Culprit>{},
            .evidence = {{EvidenceKind::ClosedHere, static_cast<int64_t>(n)}},
            .remedy = {}};
  if (c.other_ends.at_fault > 0) f.evidence.push_back({EvidenceKind::PeerAtFault, c.other_ends.at_fault});
  return f;
}

}  // namespace whywait
