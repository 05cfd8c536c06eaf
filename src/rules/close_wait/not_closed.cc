// CLOSE_WAIT, not-closed: a read consumed the FIN, yet nobody calls close().
//
// Recv-Q 0 is never proof: one read() that returns data with the FIN behind it consumes both, although the
// application has not been told of the end yet. So `likely` is the most that is said, and only when
// everything healthy that looks the same is out of the question:
//
// - half-close: somebody must be left at the other end to read the answer. Seen on this host, that is
// decided;
//   of another host only silence tells: nobody at work, nothing sent, for a minute and more.
// - relay-waiting: each waiting connection needs another leg, and a holder with few other descriptors is no
//   relay for many. But one leg can carry many (ssh -L, HTTP/2): with any other connection it stays
//   `possible` until the silence is long.
// - idle-pool: is a client's, never a server's.
// - blocked-writer: has unsent data.
// - held-elsewhere: needs a second holder.
// - being served: at most one connection for each thread at work.
#include "rules/close_wait/likeness.h"
#include "rules/close_wait/patience.h"
#include "rules/rule.h"

#include <algorithm>

namespace whywait {
namespace {

CannotTell open_questions(const Case& c, const Holders& holders, const AgeSplit& p, Inquiry& inquiry) {
  CannotTell out{.needs = inquiry.take_needs()};
  if (p.old == 0) out.open_questions.push_back(OpenQuestion::LongerLook);
  if (c.holders && !as_held_elsewhere(c, inquiry.facts()).is_no()) out.rivals.push_back(Cause::HeldElsewhere);
  if (holders.cannot_run) return out;
  if (!as_idle_pool(c, holders).is_no()) out.rivals.push_back(Cause::IdlePool);
  if (!as_blocked_writer(c).is_no()) out.rivals.push_back(Cause::BlockedWriter);
  if (!as_half_close(c, holders, inquiry).is_no()) out.rivals.push_back(Cause::HalfClose);
  if (!as_relay(c, holders).is_no()) out.rivals.push_back(Cause::RelayWaiting);
  if (p.old + p.unclear <= holders.busy) out.open_questions.push_back(OpenQuestion::MayBeAtWork);
  return out;
}

std::vector<RuledOut> rule_out(const Case& c, const Holders& holders, Inquiry& inquiry) {
  std::vector<RuledOut> out = {{Cause::IdlePool, as_idle_pool(c, holders).because},
                               {Cause::HalfClose, as_half_close(c, holders, inquiry).because},
                               {Cause::RelayWaiting, as_relay(c, holders).because},
                               {Cause::HeldElsewhere, as_held_elsewhere(c, inquiry.facts()).because}};
  if (!holders.cannot_run) out.push_back({Cause::BlockedWriter, ClearReason::NothingUnsent});
  return out;
}

Confidence confidence(const Case& c, const Holders& holders, const Peers& peers, const Facts& facts) {
  const bool silence_is_short = peers.unseen > 0 && peers.long_silent * 2 < peers.unseen;
  // Another user's child may hold them too. What root may not read is the sandbox's own keeper.
  const bool holders_may_hide = facts.holders && facts.holders->may_miss_holders() && !facts.as_root;
  const auto is_long_ago = [](const Member& m) { return m.is_older(kLongSilent); };
  const bool one_leg_may_carry_all =
      holders.connections > 0 && !is_most(count_of(c, is_long_ago), c.members.size());
  return silence_is_short || holders_may_hide || one_leg_may_carry_all ? Confidence::Possible
                                                                       : Confidence::Likely;
}

}  // namespace

Outcome not_closed(const Case& c, const Facts& facts) {
  if (auto decided = decided_by_rows(c, Fin::Consumed)) return *decided;
  if (split_by_age(c, kInHand).young == c.members.size()) {
    return Clear{split_by_age(c, kInHand).moved == c.members.size() ? ClearReason::Moved
                                                                    : ClearReason::TooYoung};
  }

  Inquiry inquiry(facts);
  const auto holders = look_at_holders(c, inquiry);
  if (!c.other_legs) inquiry.need({.what = Question::Holders});
  const auto p = split_by_age(c, kInHand);
  auto open = open_questions(c, holders, p, inquiry);
  if (!open.needs.empty() || !open.rivals.empty() || !open.open_questions.empty()) return open;

  const auto peers = peers_of(c);
  Finding f{.cause = Cause::NotClosed,
            .acts = Actor::Process,
            .confidence = confidence(c, holders, peers, facts),
            .severity = severity(static_cast<uint32_t>(c.members.size()), holders),
            .culprits = holders.culprits,
            .evidence = {{EvidenceKind::FinConsumed, static_cast<int64_t>(c.members.size())},
                         {EvidenceKind::OtherLegs, holders.other_legs}},
            .ruled_out = rule_out(c, holders, inquiry),
            .remedy = remedies(holders, {Remedy::CaptureStacks, Remedy::CloseOnEndOfFile, Remedy::Restart})};
  if (peers.closed > 0) f.evidence.push_back({EvidenceKind::PeerClosed, peers.closed});
  add_shared_evidence(f, c, p, holders, facts);
  return f;
}

}  // namespace whywait
