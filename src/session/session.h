// Who asks whom: one loop has a source answer what the rules lack and what a command wants to know besides.
#pragma once

#include "diagnose/diagnose.h"
#include "session/source.h"

#include <functional>
#include <string>
#include <vector>

namespace whywait::session {

// What a command wants to know beyond what the rules ask for. Each function is called once, when the holders
// are known, and may name what is answered already.
struct Wants {
  using Wish = std::function<std::vector<Need>(const Facts&)>;

  // Asked for together with what the rules lack at first, so that both cost one pause.
  Wish before_verdict{};
  // Asked for when the verdict stands, which does not change by it.
  Wish after_verdict{};
  // The processes whose wait chains are followed to their ends, when the verdict stands.
  std::function<std::vector<Pid>(const Facts&)> chains_from{};
};

struct Diagnosis {
  Facts facts;
  Judgement judgement;
  std::vector<std::string> notes;  // of the source
  Milliseconds took{0};
};

// Begins the source and asks it, a bounded number of times. An error is the source's own, from begin().
tl::expected<Diagnosis, std::string> ask(Source& source, const Wants& wants = {});

}  // namespace whywait::session
