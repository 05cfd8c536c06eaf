// A fact that is not there says why. Absent is never zero.
#pragma once

#include <cstdint>

#include <tl/expected.hpp>

namespace whywait {

enum class Missing : uint8_t {
  NotAsked,    // nobody needed it yet: diagnose() has it answered and judges again
  NotOffered,  // this source cannot tell it
  Denied,      // the kernel refused: not enough rights
  CutShort,    // reading stopped early: a limit, an error, an interrupted dump
  Gone,        // the subject ended, or is no longer what it was, between two reads
};

template <class T>
using Answer = tl::expected<T, Missing>;

}  // namespace whywait
