// One process and its threads, read on demand.
#pragma once

#include "core/facts.h"

#include <map>
#include <span>

namespace whywait::live {

// `held` are descriptors that the process was seen to have: when none of them is what it was, the pid may be
// another process's by now, and the answer is Gone.
Answer<Process> read_process(Pid pid, std::span<const Holder> held);

// The threads as they are now, `ran` not yet answered.
Answer<Threads> read_threads(Pid pid);

// CPU time of each thread so far. Two of these, a while apart, answer `ran`.
using CpuTimes = std::map<Tid, std::chrono::nanoseconds>;
CpuTimes read_cpu_times(Pid pid);
void answer_ran(Threads& threads, const CpuTimes& before, const CpuTimes& after, Milliseconds window);

}  // namespace whywait::live
