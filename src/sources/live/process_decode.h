// The texts of /proc/PID: pure parsing. A process chooses its own name, arguments and cgroup, so all of these
// bytes are hostile.
#pragma once

#include "core/partners.h"
#include "core/process.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace whywait::live {

// /proc/PID/stat (fs/proc/array.c, do_task_stat). The name may hold blanks and parentheses.
struct Stat {
  std::string name;
  RunState state = RunState::Sleeping;
  Pid parent{0};
  bool is_kernel_thread = false;
  uint64_t start_ticks = 0;
};
std::optional<Stat> decode_stat(std::string_view text);

// "Max open files" of /proc/PID/limits.
struct DescriptorLimit {
  std::optional<uint64_t> soft;  // absent: unlimited
};
std::optional<DescriptorLimit> decode_descriptor_limit(std::string_view limits);

// /proc/PID/cgroup: lines of hierarchy:controllers:path.
struct Cgroup {
  std::string unit;          // the innermost systemd unit of its path
  std::string container;     // the id that container engines put into the path, cut to 12 digits
  std::string v2_path;       // of the unified hierarchy; empty for none
  std::string freezer_path;  // of the v1 freezer; empty for none
};
Cgroup decode_cgroup(std::string_view text);

// /proc/PID/syscall: "running", or the number with its arguments; -1 outside of one.
std::optional<SystemCall> decode_system_call(std::string_view text);

// The owner that a mutex names, from its first sixteen bytes in the waiter's memory. Of glibc's, the first
// word is 2 where somebody waits, and at 8 stands the thread that has it (nptl, struct __pthread_mutex_s);
// with priority inheritance the word is that thread (FUTEX_TID_MASK). A condition variable calls another kind
// of wait.
std::optional<Tid> decode_mutex(std::span<const std::byte> bytes, bool is_pi);

// /proc/locks (fs/locks.c, lock_get_status): who waits behind whom.
std::vector<LockWait> decode_locks(std::string_view text);

// First field of /proc/PID/schedstat: time on the CPU.
std::optional<std::chrono::nanoseconds> decode_cpu_time(std::string_view schedstat);

// "socket:[4711]" → 4711; likewise for "pipe".
std::optional<uint32_t> decode_inode_link(std::string_view link, std::string_view kind);

// /proc/PID/fdinfo of an epoll descriptor (fs/eventpoll.c, ep_show_fdinfo): a line for each item of the set.
struct EpollItem {
  int32_t fd = -1;      // as it was when it was added: the inode tells what it is now
  uint32_t events = 0;  // with EPOLLET and EPOLLONESHOT
  uint32_t inode = 0;
};
std::vector<EpollItem> decode_epoll(std::string_view fdinfo);

// /proc/PID/fdinfo of an io_uring (io_uring/fdinfo.c): the inodes of the sockets that it has registered.
// Nothing where the text names no files although it counts some, as until 6.8.
std::optional<std::vector<uint32_t>> decode_ring_files(std::string_view fdinfo);

}  // namespace whywait::live
