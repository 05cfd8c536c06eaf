// idle-pool: a client keeps connections for later, and meanwhile the server has closed them. A pool looks at
// a connection only when it takes it out again, so the FIN stays unread: the connection holds nothing else
// (or the record that ends TLS), the server sent last, and no thread waits on it. A pool is bounded, and its
// connections came to rest at about the same time; a leak goes on, so its connections are of every age. If a
// read has returned 0, the application knows and keeps the connection all the same: that is not a pool.
#include "rules/close_wait/likeness.h"
#include "rules/patience.h"
#include "rules/rule.h"

namespace whywait {
namespace {

// This many connections of other ages do not matter.
constexpr size_t kFew = 64;
// The newest of a leak is far younger than its oldest.
constexpr int kSpread = 4;

bool is_of_every_age(const Case& c) {
  if (c.members.size() <= kFew) return false;
  Milliseconds oldest{0};
  std::optional<Milliseconds> newest;
  for (const auto& m : c.members) {
    const auto age = m.age();
    if (!age) continue;
    oldest = std::max(oldest, age->at_least);
    if (!newest || age->at_least < *newest) newest = age->at_least;
  }
  return newest && *newest * kSpread < oldest;
}

}  // namespace

Likeness as_idle_pool(const Case& c, const Holders& holders) {
  if (c.side == Side::Server) return Likeness::no(ClearReason::IsServer);
  if (holders.cannot_run) return Likeness::no(ClearReason::CannotRun);
  const auto n = c.members.size();
  if (fin_of(c) == Fin::Consumed) {
    const auto alone = count_of(c, fin_came_alone);
    return is_most(alone, n) && c.side == Side::Client ? Likeness::no(ClearReason::EndWasRead)
                                                       : Likeness::unclear();
  }
  const auto resting = count_of(c, is_at_rest);
  if (c.side != Side::Client || resting < n || is_of_every_age(c) || holders.is_near_limit()) {
    return Likeness::unclear();
  }
  return Likeness::yes();
}

Outcome idle_pool(const Case& c, const Facts& facts) {
  if (c.side == Side::Server) return Clear{ClearReason::IsServer};
  auto closer = look_closer(c, facts);
  if (auto* decided = std::get_if<Outcome>(&closer)) return std::move(*decided);
  auto& look = std::get<Look>(closer);
  const auto likeness = as_idle_pool(c, look.holders);
  if (!likeness.is_yes() || !look.inquiry.needs().empty() || !look.holders.surely_run ||
      !as_held_elsewhere(c, facts).is_no()) {
    return open_or_clear(likeness, look);
  }
  Finding f{.cause = Cause::IdlePool,
            .fault = false,
            .acts = Actor::Nobody,
            .confidence = Confidence::Likely,
            .severity = Severity::Notice,
            .culprits = look.holders.culprits,
            .evidence = {{EvidenceKind::FinUnread, static_cast<int64_t>(c.members.size())}},
            .remedy = {Remedy::EvictIdle}};
  add_shared_evidence(f, c, look.split, look.holders, facts);
  return f;
}

}  // namespace whywait
