// How long threads have run and since when they have not, by the iterator over tasks.
#pragma once

#include "core/process.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <span>

namespace whywait::live {

struct ThreadTime {
  Milliseconds last_given_cpu{0};   // ago
  std::chrono::nanoseconds ran{0};  // in its life
};
using ThreadTimes = std::map<Tid, ThreadTime>;

// The records of Program::Threads. The scheduler's clock is no clock of user space, and drifts from all of
// them: so the reading thread, which has just been given a CPU, stands for now. Nothing without its own
// record.
std::optional<ThreadTimes> decode_threads(std::span<const std::byte> bytes, Tid reader);

}  // namespace whywait::live
