#include "session/session.h"

#include "core/sorted.h"
#include "diagnose/wait_chain.h"

#include <chrono>
#include <span>
#include <utility>

namespace whywait::session {
namespace {

using Clock = std::chrono::steady_clock;

// Asks the source for what nobody has asked it yet. False where there is nothing of it.
bool ask_for(std::vector<Need> needs, Source& source, Facts& facts) {
  std::erase_if(needs, [&](const Need& need) { return facts.missing(need) != Missing::NotAsked; });
  if (needs.empty()) return false;
  sort_once(needs);
  source.answer(needs, facts);
  return true;
}

void ask_before_verdict(const Wants::Wish& wish, Source& source, Facts& facts) {
  ask_for({{.what = Question::Holders}}, source, facts);
  auto needs = wish(facts);
  const auto of_rules = judge(facts).needs;
  needs.insert(needs.end(), of_rules.begin(), of_rules.end());
  ask_for(std::move(needs), source, facts);
}

void ask_after_verdict(const Wants::Wish& wish, Source& source, Facts& facts) {
  ask_for({{.what = Question::Holders}}, source, facts);
  ask_for(wish(facts), source, facts);
}

// The needs that extend all chains by one hop: each hop costs a pause.
std::vector<Need> needs_of_chains(const std::vector<Pid>& pids, const Facts& facts) {
  std::vector<Need> needs;
  ChainIndex index(facts);
  for (const auto pid : pids) {
    const auto chain = wait_chain(pid, index);
    needs.insert(needs.end(), chain.needs.begin(), chain.needs.end());
  }
  return needs;
}

// At most so many hops, for a source that would not answer.
void follow_chains(const std::vector<Pid>& pids, Source& source, Facts& facts) {
  constexpr int kMostHops = 16;
  for (int hop = 0; hop < kMostHops && ask_for(needs_of_chains(pids, facts), source, facts); ++hop) {
  }
}

}  // namespace

tl::expected<Diagnosis, std::string> ask(Source& source, const Wants& wants) {
  const auto began = Clock::now();
  auto facts = source.begin();
  if (!facts) return tl::unexpected(std::move(facts.error()));
  Diagnosis out{.facts = std::move(*facts), .judgement = {}, .notes = {}};
  if (wants.before_verdict) ask_before_verdict(wants.before_verdict, source, out.facts);
  out.judgement =
      diagnose(out.facts, [&](std::span<const Need> needs, Facts& known) { source.answer(needs, known); });
  if (wants.after_verdict) ask_after_verdict(wants.after_verdict, source, out.facts);
  if (wants.chains_from) follow_chains(wants.chains_from(out.facts), source, out.facts);
  out.notes = source.notes();
  out.took = std::chrono::duration_cast<Milliseconds>(Clock::now() - began);
  return out;
}

}  // namespace whywait::session
