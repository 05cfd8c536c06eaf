// Judges from the state of its threads what a process waits for.
#pragma once

#include "core/process.h"
#include "rules/outcome.h"

namespace whywait {

BlockedOn blocked_on(const Process& process, const Threads& threads);

// True if no thread of the process gets a CPU until somebody acts: it is stopped, traced or frozen, or all of
// its threads are in the kernel's uninterruptible sleep.
bool cannot_run(const BlockedOn& blocked);

// True if some thread is known to get a CPU when it wants one. This is not the opposite of cannot_run(): if
// the facts are missing, both are false.
bool surely_runs(const Process& process, const Threads& threads);

// True if the process only waits for signals or children, as the master of a pool of workers does. It shares
// their listener but never accepts.
bool only_supervises(const Threads& threads);

// The number of threads that may be serving a connection right now: on a CPU, or in a call that a worker
// makes for its request. Event loops, threads that wait for work, acceptors and timers do not count.
uint32_t busy_threads(const Threads& threads);

}  // namespace whywait
