// How much a case is like a pattern: what a cause leaves open, the rules of the others must leave open too,
// so each likeness is worked out in one place, in the file of its cause.
#pragma once

#include "rules/outcome.h"

#include <cstdint>

namespace whywait {

struct Likeness {
  enum class Is : uint8_t { No, Yes, Unclear };
  Is is = Is::Unclear;
  ClearReason because = ClearReason::TooYoung;  // where it is not

  static Likeness no(ClearReason why) { return {.is = Is::No, .because = why}; }
  static Likeness yes() { return {.is = Is::Yes}; }
  static Likeness unclear() { return {}; }
  bool is_no() const { return is == Is::No; }
  bool is_yes() const { return is == Is::Yes; }
};

}  // namespace whywait
