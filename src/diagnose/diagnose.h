// Makes a judgement of facts. Pure: it asks `collect` for the facts that rules lack, and judges again.
#pragma once

#include "diagnose/wait_chain.h"
#include "rules/case.h"
#include "rules/outcome.h"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace whywait {

// One fault, or one healthy pattern worth mentioning: all cases of the same cause and service in processes of
// the same unit or name.
struct Verdict {
  Finding finding;
  std::vector<Case> cases;  // never empty
  std::string id;           // the same for the same fault in every run on this host
  WaitChain chain;          // from the first culprit
};

struct Open {
  std::vector<Case> cases;  // never empty
  std::string id;           // the same for the same group in every run on this host, and no verdict's
  std::vector<Cause> candidates;
  // Needs that cannot be answered any more. Rows that no second look reached are represented by one for each
  // reason.
  std::vector<Need> needs;
  std::vector<OpenQuestion> open_questions;
};

struct Judgement {
  std::map<State, uint32_t> states;
  std::vector<Verdict> faults;  // worst first
  std::vector<Verdict> normal;  // healthy patterns that look like faults; most connections first
  std::vector<Open> undecided;  // most connections first
  uint32_t young = 0;           // connections in a judged state that are too recent to judge
  std::vector<Need> needs;      // needs that a source may still answer
  std::vector<uint8_t> causes;  // by row: 0, or 1 + the cause; empty if there are none

  // The cause of a connection in `faults` or `normal`.
  std::optional<Cause> cause_of(uint32_t row) const;
};

enum class Status : uint8_t { Ok, Notice, Warning, Critical, Unknown };

Judgement judge(const Facts& facts);

// The worst severity; Unknown if no row of the socket table could be read.
Status status(const Facts& facts, const Judgement& judgement);

using Collect = std::function<void(std::span<const Need>, Facts&)>;

// Judges, has the needs answered and judges again, for a bounded number of rounds.
Judgement diagnose(Facts& facts, const Collect& collect);

// The number of connections in all cases.
uint32_t count(std::span<const Case> cases);
struct Ages {
  Age oldest;
  Age newest;
};
std::optional<Ages> ages(std::span<const Case> cases);

}  // namespace whywait
