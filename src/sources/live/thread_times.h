// CPU times of threads from the BPF iterator over tasks: how long each has run, and when it last ran.
#pragma once

#include "core/process.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <span>

namespace whywait::live {

struct ThreadTime {
  Milliseconds last_given_cpu{0};   // before the reading
  std::chrono::nanoseconds ran{0};  // since the thread began
};
using ThreadTimes = std::map<Tid, ThreadTime>;

// Decodes the records of Program::Threads. User space cannot read the scheduler's clock and all of its own
// clocks drift from it, so the reading thread, which has just been put on a CPU, stands for the present.
// Nothing if its own record is missing.
std::optional<ThreadTimes> decode_threads(std::span<const std::byte> bytes, Tid reader);

}  // namespace whywait::live
