#include "diagnose/diagnose.h"

#include "diagnose/cases.h"
#include "rules/inquiry.h"
#include "rules/rule.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

namespace whywait {
namespace {

// Holders first, then what they do and the second look; one more for a need that only shows then.
constexpr int kRounds = 4;

template <class T>
void add_once(std::vector<T>& to, const std::vector<T>& from) {
  for (const auto& item : from) {
    if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  }
}

// What one case comes to, when all rules of its state have spoken.
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
      s.young = s.young || clear->because == Because::TooYoung || clear->because == Because::Moved;
      cleared.push_back({rule.cause, clear->because});
    } else if (const auto* open = std::get_if<CannotTell>(&outcome)) {
      add_once(s.candidates, {rule.cause});
      add_once(s.candidates, open->rivals);
      add_once(s.open.needs, open->needs);
      add_once(s.open.doubts, open->doubts);
    }
  }
  if (s.finding) s.finding->ruled_out.insert(s.finding->ruled_out.begin(), cleared.begin(), cleared.end());
  return s;
}

// How people name those who hold the connections: by unit, else by name; a pid would part one service in
// thirty.
std::string household(const std::vector<Pid>& pids, const Facts& facts) {
  if (pids.empty()) return {};
  const auto& process = facts.process(pids.front());
  if (!process) return fmt::format("pid {}", number(pids.front()));
  return process->unit.empty() ? process->name : process->unit;
}

// Those that must act, where they are known, else all that hold them.
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

std::string stable_id(Cause cause, const Case& c, const std::string& household) {
  const auto key = fmt::format("{} {} {} {} {}", id(cause), name(c.state), static_cast<uint32_t>(c.netns),
                               text(c.service), household);
  return fmt::format("{:016x}", fnv1a(key));
}

bool worse(Block a, Block b) {
  const auto rank = [](Block k) { return k == Block::Unknown ? 1 : k == Block::Idle ? 2 : 0; };
  return rank(a) < rank(b);
}

int64_t* value_of(Finding& finding, Fact fact) {
  const auto it = std::find_if(finding.evidence.begin(), finding.evidence.end(),
                               [&](const Evidence& e) { return e.fact == fact; });
  return it == finding.evidence.end() ? nullptr : &it->value;
}

double share_of_limit(Finding& finding) {
  const auto* open = value_of(finding, Fact::DescriptorsOpen);
  const auto* limit = value_of(finding, Fact::DescriptorLimit);
  return open == nullptr || limit == nullptr || *limit == 0 ? 0 : double(*open) / double(*limit);
}

// Sums what is counted; of descriptors, the process nearest to its limit speaks for all.
void fold_evidence(Finding& into, Finding& other) {
  const bool other_is_nearer = share_of_limit(other) > share_of_limit(into);
  for (const auto& e : other.evidence) {
    auto* mine = value_of(into, e.fact);
    if (mine == nullptr) {
      into.evidence.push_back(e);
    } else if (e.fact != Fact::DescriptorsOpen && e.fact != Fact::DescriptorLimit) {
      *mine += e.value;
    } else if (other_is_nearer) {
      *mine = e.value;
    }
  }
}

void fold(Finding& into, Finding&& other) {
  into.severity = std::max(into.severity, other.severity);
  into.confidence = std::max(into.confidence, other.confidence);  // the least sure of them
  add_once(into.remedy, other.remedy);
  fold_evidence(into, other);
  // Only what is out of the question for all of them.
  std::erase_if(into.ruled_out, [&](const RuledOut& r) {
    return std::find(other.ruled_out.begin(), other.ruled_out.end(), r) == other.ruled_out.end();
  });
  for (auto& culprit : other.culprits) {
    const auto same = std::find_if(into.culprits.begin(), into.culprits.end(),
                                   [&](const Culprit& mine) { return mine.pid == culprit.pid; });
    if (same == into.culprits.end()) into.culprits.push_back(std::move(culprit));
  }
  std::stable_sort(into.culprits.begin(), into.culprits.end(), [](const Culprit& a, const Culprit& b) {
    return worse(a.blocked_on.kind, b.blocked_on.kind);
  });
}

using FoldKey = std::tuple<Cause, State, Netns, Side, Endpoint, std::string>;

// A client's destinations are one finding; a server's ports are told apart.
FoldKey fold_key(Cause cause, const Case& c, const std::string& household) {
  const Endpoint service =
      c.side == Side::Server ? c.service : Endpoint{.address = {}, .port = c.service.port};
  return {cause, c.state, c.netns, c.side, service, household};
}

void add_fault(Judgement& j, std::map<FoldKey, size_t>& seen, Case&& c, Finding&& finding,
               const Facts& facts) {
  for (const auto& m : c.members) j.cause_of[m.index] = finding.cause;
  const auto who = household(people(c, &finding), facts);
  const auto key = fold_key(finding.cause, c, who);
  if (const auto it = seen.find(key); it != seen.end()) {
    auto& verdict = j.faults[it->second];
    fold(verdict.finding, std::move(finding));
    verdict.cases.push_back(std::move(c));
    verdict.finding.severity = std::max(verdict.finding.severity, severity_of(count(verdict.cases)));
    return;
  }
  seen.emplace(key, j.faults.size());
  auto name = stable_id(finding.cause, c, who);
  j.faults.push_back({.finding = std::move(finding), .cases = {}, .id = std::move(name)});
  j.faults.back().cases.push_back(std::move(c));
}

void add_undecided(Judgement& j, std::map<FoldKey, size_t>& seen, Case&& c, const Settled& s,
                   const Facts& facts) {
  const auto key = fold_key(s.candidates.front(), c, household(people(c, nullptr), facts));
  const auto [it, is_new] = seen.try_emplace(key, j.undecided.size());
  if (is_new) j.undecided.emplace_back();
  auto& open = j.undecided[it->second];
  add_once(open.candidates, s.candidates);
  add_once(open.needs, s.open.needs);
  add_once(open.doubts, s.open.doubts);
  open.cases.push_back(std::move(c));
}

}  // namespace

Judgement judge(const Facts& facts) {
  Judgement j;
  for (const auto& c : facts.table.connections) ++j.states[c.state];
  std::map<FoldKey, size_t> faults;
  std::map<FoldKey, size_t> undecided;
  for (auto& c : make_cases(facts)) {
    auto s = settle(c, facts);
    for (const auto& need : s.open.needs) {
      if (facts.missing(need) == Missing::NotAsked) add_once(j.needs, {need});
    }
    if (s.finding) {
      add_fault(j, faults, std::move(c), std::move(*s.finding), facts);
    } else if (!s.candidates.empty()) {
      add_undecided(j, undecided, std::move(c), s, facts);
    } else if (s.young) {
      j.young += static_cast<uint32_t>(c.members.size());
    }
  }
  std::stable_sort(j.faults.begin(), j.faults.end(), [](const Verdict& a, const Verdict& b) {
    if (a.finding.severity != b.finding.severity) return a.finding.severity > b.finding.severity;
    return count(a.cases) > count(b.cases);
  });
  std::stable_sort(j.undecided.begin(), j.undecided.end(),
                   [](const Open& a, const Open& b) { return count(a.cases) > count(b.cases); });
  return j;
}

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
  auto judgement = judge(facts);
  for (int round = 1; round < kRounds && !judgement.needs.empty(); ++round) {
    collect(judgement.needs, facts);
    judgement = judge(facts);
  }
  return judgement;
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
      if (!m.age) continue;
      if (!out) out = Ages{.oldest = *m.age, .newest = *m.age};
      if (m.age->at_least > out->oldest.at_least) out->oldest = *m.age;
      if (m.age->at_least < out->newest.at_least) out->newest = *m.age;
    }
  }
  return out;
}

}  // namespace whywait
