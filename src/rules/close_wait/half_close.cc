// half-close: the peer has sent everything and waits for the answer, which is being made. Data that was sent
// after the FIN proves it. Otherwise it takes two things together: a process at the other end, on this host,
// waits for more; and a process here may be making the answer: a thread at work for each connection, or a
// partner behind a pipe or a socket. If no process is left at the other end, or after minutes of silence, it
// is excluded.
#include "rules/close_wait/likeness.h"
#include "rules/rule.h"

#include <algorithm>

namespace whywait {
namespace {

// A connection that was answered between the looks has moved, and that shows best what it is.
bool was_answered(const Case& c, const Outcome& decided) {
  const auto* clear = std::get_if<Clear>(&decided);
  return clear != nullptr && clear->because == ClearReason::Moved &&
         is_most(peers_of(c).flowing, c.members.size());
}

// Asks what the processes at the other ends are doing.
void want_details_of(std::span<const uint32_t> rows, const Facts& facts, Inquiry& inquiry) {
  if (!facts.holders) return;
  constexpr size_t kMost = 64;
  for (const auto row : rows.first(std::min(kMost, rows.size()))) {
    if (row == kNoRow) continue;
    const auto inode = facts.table.connections[row].inode().value_or(0);
    if (inode == 0) continue;
    for (const auto& h : facts.holders->of(inode)) inquiry.want({.what = Question::Details, .pid = h.pid});
  }
}

}  // namespace

Likeness as_half_close(const Case& c, const Holders& holders, Inquiry& inquiry) {
  const auto p = peers_of(c);
  const auto n = c.members.size();
  if (holders.cannot_run) return Likeness::no(ClearReason::CannotRun);
  if (is_most(p.flowing, n)) return Likeness::yes();
  if (p.closed == n) return Likeness::no(ClearReason::PeerHasClosed);
  if (p.flowing == 0 && p.open == 0 && p.silent * 2 >= p.unseen) return Likeness::no(ClearReason::LongSilent);
  if (!is_most(p.open, n)) return Likeness::unclear();
  want_details_of(c.mirrors, inquiry.facts(), inquiry);
  const bool peers_wait = is_most(watching(c.mirrors, inquiry.facts()).awaited, n);
  // If the FIN is unread, only a busy thread shows that the holder is at work.
  const bool is_made = holders.busy >= n || (fin_of(c) == Fin::Consumed && is_most(holders.other_legs, n));
  return peers_wait && is_made ? Likeness::yes() : Likeness::unclear();
}

Outcome half_close(const Case& c, const Facts& facts) {
  auto closer = look_closer(c, facts);
  const auto* decided = std::get_if<Outcome>(&closer);
  if (decided != nullptr && !was_answered(c, *decided)) return *decided;
  auto look = decided != nullptr ? look_at(c, facts) : std::move(std::get<Look>(closer));
  const auto likeness = as_half_close(c, look.holders, look.inquiry);
  if (!likeness.is_yes() || !look.inquiry.needs().empty()) return open_or_clear(likeness, look);
  const auto p = peers_of(c);
  Finding f{.cause = Cause::HalfClose,
            .fault = false,
            .acts = Actor::Nobody,
            .confidence = Confidence::Likely,
            .severity = Severity::Notice,
            .culprits = look.holders.culprits,
            .evidence = {{EvidenceKind::AnswerFlows, p.flowing},
                         {EvidenceKind::PeerWaits, watching(c.mirrors, facts).awaited}},
            .remedy = {}};
  add_shared_evidence(f, c, look.split, look.holders, facts);
  return f;
}

}  // namespace whywait
