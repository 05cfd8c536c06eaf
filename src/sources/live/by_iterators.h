// Reads sockets, their holders and the kernel's details of them with the BPF iterators: one pass over the
// descriptors of all processes, then one pass over the table of each namespace that has sockets without a
// descriptor.
#pragma once

#include "core/facts.h"
#include "linux/iterators.h"
#include "linux/netns.h"
#include "sources/live/sockstat_decode.h"
#include "sources/live/thread_times.h"

#include <optional>
#include <string>
#include <vector>

namespace whywait::live {

// From this number of sockets on, the iterators are faster than sock_diag and /proc, in spite of loading
// them.
inline constexpr uint32_t kMany = 16384;

struct IteratorReading {
  SocketTable table;
  std::vector<Netns> whole;
  HolderTable holders;
  SocketDetails details;
  std::vector<Gap> gaps;
};

// Reads /proc/net/sockstat and sockstat6 of the calling thread's network namespace.
std::optional<Sockstat> read_sockstat();

class ByIterators {
 public:
  // Loads the programs; otherwise read() loads them.
  linux_os::Result<void> prepare(const std::optional<Sockstat>& now);
  bool has_threads() const { return iterators_ && iterators_->has(linux_os::Program::Threads); }
  // One line for each program that this kernel refused, with its message.
  std::vector<std::string> refused() const {
    return iterators_ ? iterators_->refused() : std::vector<std::string>();
  }

  // Reads every namespace that whywait can find, or only its own. Fails if the kernel refuses the programs,
  // or if their output could not be completed; the caller then uses other methods.
  linux_os::Result<IteratorReading> read(bool own_namespace_only);

  // Reads the times of all threads. has_threads() must be true.
  linux_os::Result<ThreadTimes> read_threads() const;

 private:
  linux_os::Result<void> load(std::vector<linux_os::Program> programs, size_t sockets);

  std::optional<linux_os::Iterators> iterators_;
};

}  // namespace whywait::live
