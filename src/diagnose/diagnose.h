// Facts → judgement. Pure: what a rule lacks is asked of `collect`, and everything is judged again.
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

// One fault, or one healthy pattern worth a name: cases of the same cause and service in processes of the
// same unit or name, taken together.
struct Verdict {
  Finding finding;
  std::vector<Case> cases;  // never empty
  std::string id;           // the same for the same fault in every run on this host
  WaitChain chain;          // from the first of the culprits
};

struct Open {
  std::vector<Case> cases;  // never empty
  std::string id;           // the same for the same group in every run on this host, and no verdict's
  std::vector<Cause> candidates;
  // Each with an answer that is missing for good; of the rows that a second look did not reach, one for each
  // reason.
  std::vector<Need> needs;
  std::vector<OpenQuestion> open_questions;
};

struct Judgement {
  std::map<State, uint32_t> states;
  std::vector<Verdict> faults;  // worst first
  std::vector<Verdict> normal;  // healthy patterns that look like faults; most connections first
  std::vector<Open> undecided;  // most connections first
  uint32_t young = 0;           // connections in a judged state that are too young to mean anything
  std::vector<Need> needs;      // that a source may still answer
  std::vector<uint8_t> causes;  // by index in the table: 0, or 1 and the cause; empty where there is none

  // Of the connections in `faults` and `normal`.
  std::optional<Cause> cause_of(uint32_t row) const;
};

enum class Status : uint8_t { Ok, Notice, Warning, Critical, Unknown };

Judgement judge(const Facts& facts);

// The worst severity; Unknown where not one row of the socket table could be read.
Status status(const Facts& facts, const Judgement& judgement);

using Collect = std::function<void(std::span<const Need>, Facts&)>;

// Judges, has the needs answered, judges again, a bounded number of rounds.
Judgement diagnose(Facts& facts, const Collect& collect);

// Connections, oldest and newest age over all cases. Nothing where no age is known.
uint32_t count(std::span<const Case> cases);
struct Ages {
  Age oldest;
  Age newest;
};
std::optional<Ages> ages(std::span<const Case> cases);

}  // namespace whywait
