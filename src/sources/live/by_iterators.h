// Sockets, who holds them and what only the kernel knows of them, by the BPF iterators: one pass over the
// descriptors of all processes, then one over the table of each namespace that has sockets without a
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

// From so many sockets on, the iterators are faster than sock_diag and /proc although they have to be loaded.
inline constexpr uint32_t kMany = 16384;

struct IteratorReading {
  SocketTable table;
  std::vector<Netns> whole;
  HolderTable holders;
  SocketDetails details;
  std::vector<Gap> gaps;
};

// Of the namespace of the calling thread.
std::optional<Sockstat> read_sockstat();

class ByIterators {
 public:
  // Loads the programs, which read() else does.
  linux_os::Result<void> prepare(const std::optional<Sockstat>& now);
  bool has_threads() const { return iterators_ && iterators_->has(linux_os::Program::Threads); }
  // Programs that this kernel does not take, and what it said.
  std::vector<std::string> refused() const {
    return iterators_ ? iterators_->refused() : std::vector<std::string>();
  }

  // Every namespace that can be found, or the own one only. An error where the kernel does not take the
  // programs, or where what they gave could not be completed: then there are other ways.
  linux_os::Result<IteratorReading> read(bool own_namespace_only);

  // Every thread there is; has_threads() must hold.
  linux_os::Result<ThreadTimes> read_threads() const;

 private:
  linux_os::Result<void> load(std::vector<linux_os::Program> programs, size_t sockets);

  std::optional<linux_os::Iterators> iterators_;
};

}  // namespace whywait::live
