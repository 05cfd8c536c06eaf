// Reads small files and directories of procfs. An open directory stays bound to its process: after the
// process ends, reads fail with ESRCH, even if the pid is in use again.
#pragma once

#include "core/process.h"
#include "linux/error.h"
#include "linux/fd.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whywait::linux_os {

Result<Fd> open_directory(const std::string& path);
Result<Fd> open_process(Pid pid);  // /proc/PID

// `path` is relative to `directory`, which may be AT_FDCWD. Reads at most `limit` bytes.
Result<std::string> read_file(int directory, const std::string& path, size_t limit = 1U << 20U);
Result<std::string> read_link(int directory, const std::string& path);
// True if /proc is mounted with hidepid and does not list other users' processes.
bool hides_processes();

// True if this /proc shows an inner pid namespace, so that there may be processes that it does not list.
bool is_inner_pid_namespace();

// The path of a process's descriptor directory below `process`. It avoids the table of an exited thread-group
// leader, which looks empty while its other threads still have it.
std::string descriptors_of(int process);

// The process to which an open /proc directory of a process or thread belongs. Nothing if it has ended.
std::optional<Pid> thread_group_of(int process);

// The number of entries of /proc/PID/fd, if the kernel gives it as the size of the directory (since 6.2).
std::optional<uint32_t> size_of_directory(int directory, const std::string& path);

// The entries of a directory whose names are numbers: /proc, /proc/PID/task, /proc/PID/fd.
Result<std::vector<int32_t>> numbers_in(int directory, const std::string& path);

}  // namespace whywait::linux_os
