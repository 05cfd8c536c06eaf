// How much a case resembles each of the patterns that look alike. If one cause leaves a question open, the
// rules of the others must leave it open too, so each likeness is computed in one place: the file of its
// cause.
#pragma once

#include "rules/outcome.h"

#include <cstdint>

namespace whywait {

struct Likeness {
  enum class Is : uint8_t { No, Yes, Unclear };
  Is is = Is::Unclear;
  ClearReason because = ClearReason::TooYoung;  // why it is not alike, for No

  static Likeness no(ClearReason why) { return {.is = Is::No, .because = why}; }
  static Likeness yes() { return {.is = Is::Yes}; }
  static Likeness unclear() { return {}; }
  bool is_no() const { return is == Is::No; }
  bool is_yes() const { return is == Is::Yes; }
};

}  // namespace whywait
