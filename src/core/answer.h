// A fact, or the reason why it is missing. An absent fact is never zero.
#pragma once

#include <cstdint>

#include <tl/expected.hpp>

namespace whywait {

enum class Missing : uint8_t {
  NotAsked,    // no rule needed it yet; diagnose() has it answered and judges again
  NotOffered,  // this source cannot give it
  Denied,      // the kernel refused for lack of rights
  CutShort,    // reading stopped early: a limit, an error or an interrupted dump
  Gone,        // between two reads the subject ended or became another
};

template <class T>
using Answer = tl::expected<T, Missing>;

}  // namespace whywait
