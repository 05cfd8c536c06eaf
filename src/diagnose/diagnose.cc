#include "diagnose/diagnose.h"

#include "core/sorted.h"
#include "diagnose/cases.h"
#include "diagnose/evidence_fold.h"
#include "rules/blocked.h"
#include "rules/inquiry.h"
#include "rules/rule.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace whywait {
namespace {

// Rounds: the holders; then what they do, with a second look at some rows; then at all rows if some had
// moved; then one for each hop of a wait chain.
constexpr int kRounds = 16;

template <class T>
void add_once(std::vector<T>& to, const std::vector<T>& from) {
  for (const auto& item : from) {
    if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  }
}

void add_needs(std::vector<Need>& to, std::vector<Need>&& from) {
  if (to.empty()) {
    to = std::move(from);
  } else if (!from.empty()) {
    to.insert(to.end(), from.begin(), from.end());
    sort_once(to);
  }
}

// The result for one case after all rules of its state.
struct Settled {
  std::optional<Finding> finding;
  CannotTell open;
  std::vector<Cause> candidates;
  bool young = false;
};

Settled settle(const Case& c, const Facts& facts) {
  Settled s;
  std::vector<RuledOut> cleared;
  for (const auto& rule : all_rules()) {
    if (rule.state != c.state) continue;
    auto outcome = rule.judge(c, facts);
    if (auto* finding = std::get_if<Finding>(&outcome)) {
      s.finding = std::move(*finding);
    } else if (const auto* clear = std::get_if<Clear>(&outcome)) {
      s.young = s.young || clear->because == ClearReason::TooYoung || clear->because == ClearReason::Moved;
      cleared.push_back({rule.cause, clear->because});
    } else if (auto* open = std::get_if<CannotTell>(&outcome)) {
      add_once(s.candidates, {rule.cause});
      add_once(s.candidates, open->rivals);
      add_needs(s.open.needs, std::move(open->needs));
      add_once(s.open.open_questions, open->open_questions);
    }
  }
  if (s.finding) {
    // A rule's own statement about another cause takes precedence.
    std::erase_if(cleared, [&](const RuledOut& r) {
      return std::any_of(s.finding->ruled_out.begin(), s.finding->ruled_out.end(),
                         [&](const RuledOut& own) { return own.cause == r.cause; });
    });
    s.finding->ruled_out.insert(s.finding->ruled_out.begin(), cleared.begin(), cleared.end());
  }
  return s;
}

// The connection of these by which a process waits for a peer that does not close.
std::optional<uint32_t> held_by(Pid pid, std::span<const Case> cases) {
  const auto it = std::find_if(cases.begin(), cases.end(), [&](const Case& c) {
    return c.holders && std::binary_search(c.holders->begin(), c.holders->end(), pid);
  });
  return it == cases.end() ? std::nullopt : std::optional(it->members.front().index);
}

// A relay sleeps in its event loop, but waits for the end of another connection that it has half-closed.
WaitChain chain_of(const Finding& finding, std::span<const Case> cases, ChainIndex& index) {
  if (!finding.fault || finding.culprits.empty()) return {};
  const auto& first = finding.culprits.front();
  if (cannot_run(first.blocked_on)) return {};
  const bool is_relay = finding.cause == Cause::RelayWaiting;
  if (!is_relay && cases.front().state != State::FinWait2) return wait_chain(first.pid, index);
  const auto leg = is_relay ? index.half_closed_by(first.pid) : held_by(first.pid, cases);
  return leg ? wait_chain_by(*leg, first.pid, index) : WaitChain{};
}

// How people name those who hold the connections: by unit, else by name; a pid would part one service in
// thirty.
std::string owner_key(const std::vector<Pid>& pids, const Facts& facts) {
  if (pids.empty()) return {};
  const auto& process = facts.process(pids.front());
  if (!process) return fmt::format("pid {}", number(pids.front()));
  return process->unit.empty() ? process->name : process->unit;
}

// The processes that must act, if they are known, else all holders.
std::vector<Pid> people(const Case& c, const Finding* finding) {
  if (finding == nullptr || finding->culprits.empty()) return c.holders.value_or(std::vector<Pid>{});
  std::vector<Pid> out;
  for (const auto& culprit : finding->culprits) out.push_back(culprit.pid);
  return out;
}

uint64_t fnv1a(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

bool worse(Block a, Block b) {
  const auto rank = [](Block k) { return k == Block::Unknown ? 1 : k == Block::Idle ? 2 : 0; };
  return rank(a) < rank(b);
}

// Ignores the culprits and the evidence.
void fold(Finding& into, const Finding& other) {
  into.severity = std::max(into.severity, other.severity);
  into.confidence = std::max(into.confidence, other.confidence);  // the least sure of them
  add_once(into.remedy, other.remedy);
  // Only what is ruled out for all of them.
  std::erase_if(into.ruled_out, [&](const RuledOut& r) {
    return std::find(other.ruled_out.begin(), other.ruled_out.end(), r) == other.ruled_out.end();
  });
}

using FoldKey = std::tuple<Cause, State, Netns, Side, Endpoint, std::string>;

// All destinations of a client form one finding; the ports of a server are kept apart.
FoldKey fold_key(Cause cause, const Case& c, const std::string& owner_key) {
  const Endpoint service =
      c.side == Side::Server ? c.service : Endpoint{.address = {}, .port = c.service.port};
  return {cause, c.state, c.netns, c.side, service, owner_key};
}

// One id for one key. `kind` is empty for a verdict.
std::string stable_id(std::string_view kind, const FoldKey& key) {
  const auto& [cause, state, netns, side, service, owner_key] = key;
  // A server's port and a client's destination may be the same.
  const std::string_view direction = side == Side::Server ? "" : side == Side::Client ? "to " : "with ";
  return fmt::format("{:016x}",
                     fnv1a(fmt::format("{}{} {} {} {}{} {}", kind, id(cause), name(state),
                                       static_cast<uint32_t>(netns), direction, text(service), owner_key)));
}

// A judgement while case after case is added to it.
class Summary {
 public:
  explicit Summary(ChainIndex& chains) : facts_(chains.facts()), chains_(chains) {}

  void add(Case&& c, Settled&& s) {
    const auto size = static_cast<uint32_t>(c.members.size());
    if (s.finding) {
      add_finding(std::move(c), std::move(*s.finding), size);
    } else if (!s.candidates.empty()) {
      add_undecided(std::move(c), s);
    } else if (s.young) {
      judgement_.young += size;
    }
  }

  Judgement finish() {
    for (size_t i = 0; i < folded_.size(); ++i) {
      auto& v = judgement_.faults[i];
      v.finding.evidence = folded_[i].evidence.take();
      finish(v, folded_[i]);
      v.chain = chain_of(v.finding, v.cases, chains_);
      explain_by_chain(v);
    }
    for (auto& v : judgement_.faults) {
      if (!v.finding.fault) judgement_.normal.push_back(std::move(v));
    }
    std::erase_if(judgement_.faults, [](const Verdict& v) { return v.cases.empty(); });
    for (size_t i = 0; i < open_.size(); ++i) {
      judgement_.undecided[i].needs.assign(open_[i].needs.begin(), open_[i].needs.end());
    }
    std::stable_sort(judgement_.faults.begin(), judgement_.faults.end(),
                     [](const Verdict& a, const Verdict& b) {
                       if (a.finding.severity != b.finding.severity)
                         return a.finding.severity > b.finding.severity;
                       return count(a.cases) > count(b.cases);
                     });
    std::stable_sort(judgement_.normal.begin(), judgement_.normal.end(),
                     [](const Verdict& a, const Verdict& b) { return count(a.cases) > count(b.cases); });
    std::stable_sort(judgement_.undecided.begin(), judgement_.undecided.end(),
                     [](const Open& a, const Open& b) { return count(a.cases) > count(b.cases); });
    return std::move(judgement_);
  }

 private:
  // Data needed only while cases are folded into a verdict, at the same index.
  struct Folded {
    std::set<Pid> culprits;
    EvidenceFold evidence;
    uint32_t size = 0;
  };
  struct OpenNeeds {
    std::set<Need> needs;
    std::set<Missing> second_looks;
  };

  static void finish(Verdict& v, const Folded& folded) {
    if (v.cases.size() < 2) return;
    v.finding.severity = std::max(v.finding.severity, severity_of(folded.size));
    std::stable_sort(
        v.finding.culprits.begin(), v.finding.culprits.end(),
        [](const Culprit& a, const Culprit& b) { return worse(a.blocked_on.kind, b.blocked_on.kind); });
  }

  // poll() alone does not show what it waits for; the chain does.
  static void explain_by_chain(Verdict& v) {
    if (v.chain.hops.empty() || v.finding.culprits.empty()) return;
    auto& kind = v.finding.culprits.front().blocked_on.kind;
    if (kind != Block::Unknown) return;
    switch (v.chain.hops.front().via) {
      case Hop::Via::Connection:
      case Hop::Via::UnixSocket: kind = Block::Connection; break;
      case Hop::Via::Pipe: kind = Block::Pipe; break;
      case Hop::Via::FileLock: kind = Block::FileLock; break;
      case Hop::Via::Lock: kind = Block::Lock; break;
    }
  }

  void add_finding(Case&& c, Finding&& finding, uint32_t size) {
    auto& causes = judgement_.causes;
    causes.resize(facts_.table.connections.size());
    for (const auto& m : c.members)
      causes[m.index] = static_cast<uint8_t>(1 + static_cast<int>(finding.cause));
    const auto who = owner_key(people(c, &finding), facts_);
    auto culprits = std::exchange(finding.culprits, {});
    const auto evidence = std::exchange(finding.evidence, {});
    const auto [it, is_new] = faults_.try_emplace(fold_key(finding.cause, c, who), judgement_.faults.size());
    if (is_new) {
      judgement_.faults.push_back(
          {.finding = std::move(finding), .cases = {}, .id = stable_id("", it->first), .chain = {}});
      folded_.emplace_back();
    } else {
      fold(judgement_.faults[it->second].finding, finding);
    }
    auto& verdict = judgement_.faults[it->second];
    auto& folded = folded_[it->second];
    for (auto& culprit : culprits) {
      if (folded.culprits.insert(culprit.pid).second) verdict.finding.culprits.push_back(std::move(culprit));
    }
    folded.evidence.add(evidence);
    folded.size += size;
    verdict.cases.push_back(std::move(c));
  }

  void add_undecided(Case&& c, const Settled& s) {
    const auto key = fold_key(s.candidates.front(), c, owner_key(people(c, nullptr), facts_));
    const auto [it, is_new] = undecided_.try_emplace(key, judgement_.undecided.size());
    if (is_new) {
      judgement_.undecided.emplace_back().id = stable_id("undecided ", it->first);
      open_.emplace_back();
    }
    auto& open = judgement_.undecided[it->second];
    add_once(open.candidates, s.candidates);
    add_once(open.open_questions, s.open.open_questions);
    add_open_needs(open_[it->second], s.open.needs);
    open.cases.push_back(std::move(c));
  }

  void add_open_needs(OpenNeeds& to, const std::vector<Need>& needs) const {
    for (const auto& need : needs) {
      if (need.what == Question::SecondLook) {
        const auto why = facts_.missing(need);
        if (why && !to.second_looks.insert(*why).second) continue;
      }
      to.needs.insert(need);
    }
  }

  const Facts& facts_;
  ChainIndex& chains_;
  Judgement judgement_;
  std::map<FoldKey, size_t> faults_;
  std::map<FoldKey, size_t> undecided_;
  std::vector<Folded> folded_;
  std::vector<OpenNeeds> open_;
};

// The cases of the other ends of these, by row.
class Counterparts {
 public:
  Counterparts(const std::vector<Case>& cases, const std::vector<Settled>& settled, size_t rows)
      : settled_(settled), case_of_(rows, kNone) {
    for (uint32_t i = 0; i < cases.size(); ++i) {
      for (const auto& m : cases[i].members) case_of_[m.index] = i;
    }
  }

  OtherEnds of(const Case& c) const {
    OtherEnds out;
    for (const auto row : c.mirrors) {
      if (row != kNoRow && case_of_[row] != kNone) add(out, settled_[case_of_[row]]);
    }
    return out;
  }

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};

  static void add(OtherEnds& to, const Settled& s) {
    if (!s.finding) {
      ++to.open;
    } else if (s.finding->fault) {
      ++to.at_fault;
      const auto& culprits = s.finding->culprits;
      to.stuck += !culprits.empty() && cannot_run(culprits.front().blocked_on) ? 1 : 0;
      to.confidence = std::max(to.confidence, s.finding->confidence);
      if (to.culprits.empty()) to.culprits = culprits;
    } else {
      ++(s.finding->cause == Cause::IdlePool ? to.resting : to.answering);
    }
  }

  const std::vector<Settled>& settled_;
  std::vector<uint32_t> case_of_;
};

// A side that has closed waits for the other one, which is judged first.
bool is_judged_last(const Case& c) { return c.state == State::FinWait2; }

std::vector<Settled> settle_all(std::vector<Case>& cases, const Facts& facts) {
  std::vector<Settled> out(cases.size());
  std::optional<Counterparts> counterparts;
  for (size_t i = 0; i < cases.size(); ++i) {
    if (!is_judged_last(cases[i])) out[i] = settle(cases[i], facts);
  }
  for (size_t i = 0; i < cases.size(); ++i) {
    if (!is_judged_last(cases[i])) continue;
    if (!cases[i].mirrors.empty()) {
      if (!counterparts) counterparts.emplace(cases, out, facts.table.connections.size());
      cases[i].other_ends = counterparts->of(cases[i]);
    }
    out[i] = settle(cases[i], facts);
  }
  return out;
}

// The needs that a source may still answer.
std::vector<Need> unasked(const std::vector<Settled>& all, const Facts& facts) {
  std::vector<Need> out;
  const auto is_unasked = [&](const Need& n) { return facts.missing(n) == Missing::NotAsked; };
  size_t size = 0;
  for (const auto& s : all) size += s.open.needs.size();
  out.reserve(size);
  for (const auto& s : all)
    std::copy_if(s.open.needs.begin(), s.open.needs.end(), std::back_inserter(out), is_unasked);
  sort_once(out);
  return out;
}

Judgement conclude(const CaseBuilder& book, std::vector<Case>& cases, std::vector<Settled>&& settled,
                   ChainIndex& chains) {
  Summary summary(chains);
  for (size_t i = 0; i < cases.size(); ++i) summary.add(std::move(cases[i]), std::move(settled[i]));
  auto judgement = summary.finish();
  for (const auto state : kAllStates) {
    if (const auto n = book.count(state); n > 0) judgement.states[state] = n;
  }
  return judgement;
}

// The needs that would extend the chains and were not requested yet. If there are many findings, the first
// stand for the rest.
std::vector<Need> wanted_by_chains(const std::vector<Settled>& all, std::span<const Case> cases,
                                   ChainIndex& chains) {
  constexpr size_t kMost = 32;
  std::vector<Need> out;
  size_t n = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const auto& finding = all[i].finding;
    if (!finding || !finding->fault || n++ == kMost) continue;
    for (const auto& need : chain_of(*finding, cases.subspan(i, 1), chains).needs) {
      if (chains.facts().missing(need) == Missing::NotAsked) out.push_back(need);
    }
  }
  sort_once(out);
  return out;
}

// The most rounds, each of which requests what the last one lacked.
Judgement judge(const Facts& facts, int rounds, const std::function<void(std::span<const Need>)>& collect) {
  CaseBuilder book(facts);
  for (int round = 1;; ++round) {
    auto& cases = book.cases();
    auto settled = settle_all(cases, facts);
    auto needs = unasked(settled, facts);
    ChainIndex chains(facts);
    if (needs.empty()) needs = wanted_by_chains(settled, cases, chains);
    if (round == rounds || needs.empty()) {
      auto judgement = conclude(book, cases, std::move(settled), chains);
      judgement.needs = std::move(needs);
      return judgement;
    }
    settled = {};
    collect(needs);
  }
}

}  // namespace

std::optional<Cause> Judgement::cause_of(uint32_t row) const {
  if (row >= causes.size() || causes[row] == 0) return std::nullopt;
  return kAllCauses.at(causes[row] - 1U);
}

Judgement judge(const Facts& facts) { return judge(facts, 1, {}); }

Status status(const Facts& facts, const Judgement& judgement) {
  if (facts.table.connections.empty() && facts.whole.empty()) return Status::Unknown;
  if (judgement.faults.empty()) return judgement.undecided.empty() ? Status::Ok : Status::Notice;
  switch (judgement.faults.front().finding.severity) {
    case Severity::Notice: return Status::Notice;
    case Severity::Warning: return Status::Warning;
    case Severity::Critical: return Status::Critical;
  }
  return Status::Unknown;
}

Judgement diagnose(Facts& facts, const Collect& collect) {
  return judge(facts, kRounds, [&](std::span<const Need> needs) { collect(needs, facts); });
}

uint32_t count(std::span<const Case> cases) {
  return std::accumulate(cases.begin(), cases.end(), 0U, [](uint32_t sum, const Case& c) {
    return sum + static_cast<uint32_t>(c.members.size());
  });
}

std::optional<Ages> ages(std::span<const Case> cases) {
  std::optional<Ages> out;
  for (const auto& c : cases) {
    for (const auto& m : c.members) {
      const auto age = m.age();
      if (!age) continue;
      if (!out) out = Ages{.oldest = *age, .newest = *age};
      if (age->at_least > out->oldest.at_least) out->oldest = *age;
      if (age->at_least < out->newest.at_least) out->newest = *age;
    }
  }
  return out;
}

}  // namespace whywait
