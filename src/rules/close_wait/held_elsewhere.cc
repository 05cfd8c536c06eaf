// held-elsewhere: the process that accepted the connection has closed it, and another process still holds it,
// so the kernel sends no FIN. The clear case is a pool of workers that was forked after the connections were
// accepted: the workers hold them, and their parent, which holds the listener, does not. A worker that
// accepts by itself never shares a connection with its siblings, so two holders other than the parent are
// enough. If the parent holds them too, it has not closed them either, and that is its own fault.
#include "core/sorted.h"
#include "rules/close_wait/likeness.h"
#include "rules/patience.h"
#include "rules/rule.h"

#include <algorithm>

namespace whywait {
namespace {

bool holds(const std::vector<Pid>& sorted, Pid pid) {
  return std::binary_search(sorted.begin(), sorted.end(), pid);
}

bool holds_a_listener(Pid pid, const Case& c, const Facts& facts) {
  return facts.holders && std::any_of(c.listeners.begin(), c.listeners.end(), [&](uint32_t row) {
           const auto of = facts.holders->of(facts.table.connections[row].inode().value_or(0));
           return std::any_of(of.begin(), of.end(), [&](const Holder& h) { return h.pid == pid; });
         });
}

// Held by an io_uring or in transit in a message: no descriptor refers to it.
std::vector<Pid> hidden_holders(const Case& c, const Facts& facts) {
  std::vector<Pid> out;
  if (!facts.holders) return out;
  for (const auto& m : c.members) {
    const auto inode = facts.table.connections[m.index].inode().value_or(0);
    if (inode == 0) continue;
    for (const auto* sorted : {&facts.holders->rings, &facts.holders->in_flight}) {
      for (const auto& h : holders_in(*sorted, inode)) out.push_back(h.pid);
    }
  }
  sort_once(out);
  return out;
}

// Facts about the parents of processes that hold a connection together.
Likeness by_parents(const Case& c, const std::vector<Pid>& holders, const Facts& facts) {
  std::optional<Pid> common;
  bool server_is_elsewhere = true;
  for (const auto pid : holders) {
    const auto& process = facts.process(pid);
    if (!process || !process->parent) return Likeness::unclear();
    if (holds(holders, *process->parent)) return Likeness::no(ClearReason::ServerHolds);
    server_is_elsewhere = server_is_elsewhere && common.value_or(*process->parent) == *process->parent;
    common = process->parent;
  }
  return server_is_elsewhere && holds_a_listener(*common, c, facts) ? Likeness::yes() : Likeness::unclear();
}

}  // namespace

Likeness as_held_elsewhere(const Case& c, const Facts& facts) {
  if (!c.holders) return Likeness::unclear();
  if (c.holders->empty()) return hidden_holders(c, facts).empty() ? Likeness::unclear() : Likeness::yes();
  if (c.holders->size() == 1) return Likeness::no(ClearReason::OneHolder);
  return by_parents(c, *c.holders, facts);
}

Outcome held_elsewhere(const Case& c, const Facts& facts) {
  auto closer = look_closer(c, facts);
  if (auto* decided = std::get_if<Outcome>(&closer)) return std::move(*decided);
  auto& look = std::get<Look>(closer);
  const auto likeness = as_held_elsewhere(c, facts);
  if (look.holders.cannot_run && fin_of(c) == Fin::Unread) return Clear{ClearReason::CannotRun};
  if (!likeness.is_yes() || !look.inquiry.needs().empty() || look.split.old == 0) {
    return open_or_clear(likeness, look);
  }
  auto culprits = look.holders.culprits;
  for (const auto pid : hidden_holders(c, facts)) culprits.push_back({.pid = pid, .blocked_on = {}});
  const auto n = static_cast<int64_t>(culprits.size());
  Finding f{.cause = Cause::HeldElsewhere,
            .acts = Actor::Process,
            .confidence = Confidence::Likely,
            .severity = severity(static_cast<uint32_t>(c.members.size()), look.holders),
            .culprits = std::move(culprits),
            .evidence = {{EvidenceKind::Holders, n}},
            .remedy = {Remedy::SeeWhatItHolds, Remedy::CloseInTheChild, Remedy::Restart}};
  add_shared_evidence(f, c, look.split, look.holders, facts);
  return f;
}

}  // namespace whywait
