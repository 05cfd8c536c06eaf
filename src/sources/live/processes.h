// One process and its threads, read on demand.
#pragma once

#include "core/facts.h"
#include "linux/fd.h"
#include "sources/live/thread_times.h"

#include <chrono>
#include <map>
#include <optional>
#include <span>

namespace whywait::live {

// `held` are descriptors that the process was seen to have: when none of them is what it was, the pid may be
// another process's by now, and the answer is Gone.
// `pipes` that lead out of it, where somebody has counted them already.
Answer<Process> read_process(Pid pid, std::span<const Holder> held, std::optional<uint32_t> pipes = {});

// Two looks at the threads of one process. Its directory stays open in between, so that both are of the same
// one.
class ThreadWatch {
 public:
  ThreadWatch(Pid pid, std::span<const Holder> held);
  // The first look was taken `at` that time already.
  ThreadWatch(Pid pid, std::span<const Holder> held, const ThreadTimes& first,
              std::chrono::steady_clock::time_point at);

  // The threads as they are now, and what each ran since the first look.
  Answer<Threads> look_again() const;

 private:
  using CpuTimes = std::map<Tid, std::chrono::nanoseconds>;
  CpuTimes cpu_times() const;  // /proc/PID/task/TID/schedstat

  Answer<linux_os::Fd> process_;
  CpuTimes before_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace whywait::live
