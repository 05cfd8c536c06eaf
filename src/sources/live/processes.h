// Reads one process and its threads on demand.
#pragma once

#include "core/facts.h"
#include "linux/fd.h"
#include "sources/live/thread_times.h"

#include <chrono>
#include <map>
#include <optional>
#include <span>

namespace whywait::live {

// `held` are descriptors that the process had earlier. If none of them is what it was, another process may
// have the pid by now, and the answer is Gone. `pipes` is the number of pipes that lead out of it, if already
// counted.
Answer<Process> read_process(Pid pid, std::span<const Holder> held, std::optional<uint32_t> pipes = {});

// Takes two looks at the threads of one process. It keeps the process's directory open, so that both looks
// are at the same process.
class ThreadWatch {
 public:
  ThreadWatch(Pid pid, std::span<const Holder> held);
  // Uses `first`, a look that was taken at the time `at`.
  ThreadWatch(Pid pid, std::span<const Holder> held, const ThreadTimes& first,
              std::chrono::steady_clock::time_point at);

  // Returns the threads as they are now, each with the CPU time that it has used since the first look.
  Answer<Threads> look_again() const;

 private:
  using CpuTimes = std::map<Tid, std::chrono::nanoseconds>;
  CpuTimes cpu_times() const;  // /proc/PID/task/TID/schedstat

  Answer<linux_os::Fd> process_;
  CpuTimes before_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace whywait::live
