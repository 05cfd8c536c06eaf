// Parses the files of /proc/PID. Pure. A process chooses its own name, arguments and cgroup, so treat all of
// these bytes as hostile.
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

// /proc/PID/stat (do_task_stat in fs/proc/array.c). The name may contain blanks and parentheses.
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
  std::optional<uint64_t> soft;  // absent if it is unlimited
};
std::optional<DescriptorLimit> decode_descriptor_limit(std::string_view limits);

// /proc/PID/cgroup: lines of hierarchy:controllers:path.
struct Cgroup {
  std::string unit;          // the innermost systemd unit in the path
  std::string container;     // the id that container engines put into the path, cut to 12 digits
  std::string v2_path;       // in the unified hierarchy; empty if it has none
  std::string freezer_path;  // of the v1 freezer; empty if it has none
};
Cgroup decode_cgroup(std::string_view text);

// /proc/PID/syscall: "running", or the number of the system call with its arguments; -1 outside a call.
std::optional<SystemCall> decode_system_call(std::string_view text);

// The owner of a mutex, from its first sixteen bytes in the waiter's memory. In glibc (struct
// __pthread_mutex_s in nptl), the first word is 2 while a thread waits, and the word at offset 8 is the
// owner's thread id. With priority inheritance the first word is the owner (FUTEX_TID_MASK). A condition
// variable uses another futex operation.
std::optional<Tid> decode_mutex(std::span<const std::byte> bytes, bool is_pi);

// /proc/locks (lock_get_status in fs/locks.c): which process waits for a lock of which.
std::vector<LockWait> decode_locks(std::string_view text);

// The first field of /proc/PID/schedstat: time on the CPU in nanoseconds.
std::optional<std::chrono::nanoseconds> decode_cpu_time(std::string_view schedstat);

// "socket:[4711]" → 4711 for the kind "socket"; likewise for "pipe".
std::optional<uint32_t> decode_inode_link(std::string_view link, std::string_view kind);

// /proc/PID/fdinfo of an epoll descriptor (ep_show_fdinfo in fs/eventpoll.c): one line for each item of the
// set.
struct EpollItem {
  int32_t fd = -1;      // its number when it was added; the inode says what it is now
  uint32_t events = 0;  // with EPOLLET and EPOLLONESHOT
  uint32_t inode = 0;
};
std::vector<EpollItem> decode_epoll(std::string_view fdinfo);

// /proc/PID/fdinfo of an io_uring (io_uring/fdinfo.c): the inodes of its registered sockets. Nothing if the
// text counts files without naming them, as kernels before 6.8 do.
std::optional<std::vector<uint32_t>> decode_ring_files(std::string_view fdinfo);

}  // namespace whywait::live
