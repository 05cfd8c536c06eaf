// One loop that has a source answer what the rules lack and what a command wants to know in addition.
#pragma once

#include "diagnose/diagnose.h"
#include "session/source.h"

#include <functional>
#include <string>
#include <vector>

namespace whywait::session {

// What a command wants to know in addition to the needs of the rules. Each function is called once, when the
// holders are known. It may name needs that are already answered.
struct Wants {
  using Wish = std::function<std::vector<Need>(const Facts&)>;

  // Answered together with the first needs of the rules, so that both cost one pause.
  Wish before_verdict{};
  // Answered after the verdict, which they do not change.
  Wish after_verdict{};
  // The processes whose wait chains are followed to the end, after the verdict.
  std::function<std::vector<Pid>(const Facts&)> chains_from{};
};

struct Diagnosis {
  Facts facts;
  Judgement judgement;
  std::vector<std::string> notes;  // the notes of the source
  Milliseconds took{0};
};

// Begins the source and asks it for a bounded number of rounds. An error is that of Source::begin().
tl::expected<Diagnosis, std::string> ask(Source& source, const Wants& wants = {});

}  // namespace whywait::session
