// What a process waits for, judged from the state of its threads.
#pragma once

#include "core/process.h"
#include "rules/outcome.h"

namespace whywait {

BlockedOn blocked_on(const Process& process, const Threads& threads);

// No thread of it gets a CPU until somebody else does something: stopped, traced, frozen, or all of them in
// the kernel's uninterruptible sleep.
bool cannot_run(const BlockedOn& blocked);

// Some thread of it is known to get a CPU when it wants one. Not the opposite of cannot_run(): what is not
// known is neither.
bool surely_runs(const Process& process, const Threads& threads);

// It waits for signals or children and does nothing else, as the master of a pool of workers: it shares their
// listener and never accepts.
bool only_supervises(const Threads& threads);

// Threads that may be serving a connection right now: on the CPU, or in a call that a worker makes for its
// request. An event loop, a thread that waits for work, an acceptor and a timer do not count.
uint32_t busy_threads(const Threads& threads);

}  // namespace whywait
