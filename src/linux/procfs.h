// Reading small files and directories of procfs. A directory that is held open stays bound to its process:
// after the process ends, reads fail with ESRCH, even when the pid is in use again.
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

// `path` is relative to `directory`, which may be AT_FDCWD. At most `limit` bytes.
Result<std::string> read_file(int directory, const std::string& path, size_t limit = 1U << 20U);
Result<std::string> read_link(int directory, const std::string& path);
// With hidepid, the processes of others are not even listed.
bool hides_processes();

// There may be processes that this /proc does not list: it shows a pid namespace below the first.
bool is_inner_pid_namespace();

// Where the descriptors of a process are, below its directory: the table of an exited thread-group leader
// looks empty while its threads still have it.
std::string descriptors_of(int process);

// Of the directory of a process, or of one of its threads: the process. Nothing where it ended.
std::optional<Pid> thread_group_of(int process);

// How many entries /proc/PID/fd has, where the kernel tells it as the size of the directory (since 6.2).
std::optional<uint32_t> size_of_directory(int directory, const std::string& path);

// Names that are numbers: of /proc, of /proc/PID/task and of /proc/PID/fd.
Result<std::vector<int32_t>> numbers_in(int directory, const std::string& path);

}  // namespace whywait::linux_os
