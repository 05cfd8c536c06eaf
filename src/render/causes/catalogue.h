// All English about a cause: one entry each, in a file of its own.
#pragma once

#include "core/cause.h"
#include "core/state.h"
#include "diagnose/diagnose.h"
#include "render/steps.h"

#include <span>
#include <string>
#include <string_view>

namespace whywait::render {

// How a cause is told from the one that was judged, where both fit all that can be seen.
struct Rivalry {
  std::string_view why{};  // they cannot be told from each other; empty where it is no rival of another
  Step (*how_to_exclude)(const Facts&) = nullptr;
};

struct CauseEntry {
  Cause cause;
  std::string_view in_short;
  std::string_view omission{};                   // what who must act does not do
  std::string_view owner{};                      // who holds them if no process does
  std::string (*why)(const Verdict&) = nullptr;  // what is seen, in one sentence
  Rivalry live{};
  Rivalry in_dump{};
  // Where it stands, as long as no rule judges it: the registry has the states of all others.
  std::span<const State> states{};
  // For `explain`.
  std::string_view what;
  std::string_view whose_move;
  std::string_view told_by;
  std::string_view cure;
};

const CauseEntry& of(Cause cause);

}  // namespace whywait::render
