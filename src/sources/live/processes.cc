#include "sources/live/processes.h"

#include "linux/procfs.h"
#include "sources/live/process_decode.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/uio.h>
#include <unistd.h>

namespace whywait::live {
namespace {

using linux_os::missing;
using linux_os::numbers_in;
using linux_os::read_file;
using linux_os::read_link;

// Pipes of which the process has one end: the standard streams and pipes to itself apart.
uint32_t count_pipes(int process, const std::string& fds, const std::vector<int32_t>& list) {
  std::map<uint32_t, uint32_t> ends;
  for (const auto fd : list) {
    if (fd <= STDERR_FILENO) continue;
    const auto link = read_link(process, fmt::format("{}/{}", fds, fd));
    if (!link) continue;  // closed since
    if (const auto inode = decode_inode_link(*link, "pipe")) ++ends[*inode];
  }
  const auto leads_out = [](const auto& pipe) { return pipe.second == 1; };
  return static_cast<uint32_t>(std::count_if(ends.begin(), ends.end(), leads_out));
}

Answer<Descriptors> read_descriptors(int process, std::optional<uint32_t> pipes) {
  const auto path = linux_os::descriptors_of(process);
  const auto limits = read_file(process, "limits");
  if (!limits) return tl::unexpected(missing(limits.error()));
  const auto limit = decode_descriptor_limit(*limits);
  if (!limit) return tl::unexpected(Missing::CutShort);
  // Listing the directory makes the kernel create an entry for each descriptor; its size, if the kernel gives
  // one, is free.
  auto open = linux_os::size_of_directory(process, path);
  if (!open || !pipes) {
    const auto fds = numbers_in(process, path);
    if (!fds) return tl::unexpected(missing(fds.error()));
    open = static_cast<uint32_t>(fds->size());
    if (!pipes) pipes = count_pipes(process, path, *fds);
  }
  return Descriptors{.open = *open, .pipes = *pipes, .limit = limit->soft};
}

std::string mount_point_of(std::string_view type, std::string_view option) {
  const auto mounts = read_file(AT_FDCWD, "/proc/self/mounts");
  if (!mounts) return {};
  std::istringstream lines(*mounts);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string device;
    std::string point;
    std::string kind;
    std::string options;
    words >> device >> point >> kind >> options;
    const auto has = fmt::format(",{},", options).find(fmt::format(",{},", option)) != std::string::npos;
    if (kind == type && (option.empty() || has)) return point;
  }
  return {};
}

// Both files tell the effective state: an ancestor that is frozen counts (cgroup.events, freezer_read).
Answer<bool> read_frozen(const Cgroup& cgroup) {
  static const auto v2 = mount_point_of("cgroup2", "");
  static const auto v1 = mount_point_of("cgroup", "freezer");
  bool known = false;
  if (!v2.empty() && !cgroup.v2_path.empty()) {
    const auto events = read_file(AT_FDCWD, v2 + cgroup.v2_path + "/cgroup.events");
    if (events && events->find("frozen 1") != std::string::npos) return true;
    known = known || bool(events) || cgroup.v2_path == "/";  // the root has no such file and cannot be frozen
  }
  if (!v1.empty() && !cgroup.freezer_path.empty()) {
    const auto state = read_file(AT_FDCWD, v1 + cgroup.freezer_path + "/freezer.state");
    if (state && state->starts_with("FROZEN")) return true;
    known = known || bool(state) || cgroup.freezer_path == "/";
  }
  if (!known) return tl::unexpected(Missing::NotOffered);
  return false;
}

std::chrono::system_clock::time_point time_of(uint64_t start_ticks) {
  static const int64_t boot = [] {
    const auto text = read_file(AT_FDCWD, "/proc/stat");
    constexpr std::string_view kRow = "\nbtime ";
    const auto at = text ? text->find(kRow) : std::string::npos;
    int64_t seconds = 0;
    if (at != std::string::npos) {
      std::from_chars(text->data() + at + kRow.size(), text->data() + text->size(), seconds);
    }
    return seconds;
  }();
  const auto per_second = static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  return std::chrono::system_clock::time_point(std::chrono::seconds(boot)) +
         std::chrono::milliseconds(start_ticks * 1000 / per_second);
}

std::string command_line(int process) {
  constexpr size_t kMost = 4096;
  auto text = read_file(process, "cmdline", kMost).value_or(std::string());
  while (!text.empty() && text.back() == '\0') text.pop_back();
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

Answer<std::string> read_wait_channel(int process, const std::string& task) {
  const auto text = read_file(process, task + "wchan");
  if (!text) return tl::unexpected(missing(text.error()));
  return *text == "0" ? std::string() : *text;
}

Answer<SystemCall> read_system_call(int process, const std::string& task) {
  const auto text = read_file(process, task + "syscall");
  if (!text) return tl::unexpected(missing(text.error()));
  const auto call = decode_system_call(*text);
  if (!call) return tl::unexpected(Missing::CutShort);
  return *call;
}

Answer<CallFile> read_call_file(int process, const std::string& task, const Answer<SystemCall>& call) {
  if (!call || !call->fd) return tl::unexpected(Missing::NotOffered);
  if (call->call != Call::Receive && call->call != Call::Send && call->call != Call::Connect) {
    return tl::unexpected(Missing::NotOffered);
  }
  const auto link = read_link(process, fmt::format("{}fd/{}", task, *call->fd));
  if (!link) return tl::unexpected(missing(link.error()));
  if (const auto inode = decode_inode_link(*link, "socket")) return CallFile{CallFile::Kind::Socket, *inode};
  if (const auto inode = decode_inode_link(*link, "pipe")) return CallFile{CallFile::Kind::Pipe, *inode};
  return CallFile{};
}

// Reads the waiter's memory, which needs the right to trace it.
Answer<Tid> read_lock_owner(int process, int32_t tid, const Answer<SystemCall>& call) {
  if (!call || !call->futex) return tl::unexpected(Missing::NotOffered);
  std::array<std::byte, 16> bytes{};
  iovec here{.iov_base = bytes.data(), .iov_len = bytes.size()};
  // NOLINTNEXTLINE(*-reinterpret-cast, performance-no-int-to-ptr): an address in another process
  iovec there{.iov_base = reinterpret_cast<void*>(call->futex->address), .iov_len = bytes.size()};
  if (process_vm_readv(tid, &here, 1, &there, 1, 0) != static_cast<ssize_t>(bytes.size())) {
    return tl::unexpected(missing(linux_os::Error{.doing = "", .number = errno}));
  }
  const auto owner = decode_mutex(bytes, call->futex->is_pi);
  // Read by number: it must still be a thread of the process whose directory is held open.
  if (!owner || faccessat(process, fmt::format("task/{}", tid).c_str(), F_OK, 0) != 0) {
    return tl::unexpected(Missing::NotOffered);
  }
  return *owner;
}

// Nothing for one that has ended.
std::optional<Thread> read_thread(int process, int32_t tid) {
  const auto task = fmt::format("task/{}/", tid);
  const auto text = read_file(process, task + "stat");
  const auto stat = text ? decode_stat(*text) : std::nullopt;
  if (!stat || stat->state == RunState::Zombie || stat->state == RunState::Dead) return std::nullopt;
  Thread out{.tid = Tid{tid},
             .state = stat->state,
             .system_call = read_system_call(process, task),
             .wait_channel = read_wait_channel(process, task)};
  out.file = read_call_file(process, task, out.system_call);
  out.lock_owner = read_lock_owner(process, tid, out.system_call);
  return out;
}

bool still_holds_one(int process, std::span<const Holder> held) {
  if (held.empty()) return true;
  const auto descriptors = linux_os::descriptors_of(process);
  return std::any_of(held.begin(), held.end(), [&](const Holder& h) {
    const auto link = read_link(process, fmt::format("{}/{}", descriptors, h.fd));
    return link && decode_inode_link(*link, "socket") == h.inode;
  });
}

Answer<linux_os::Fd> open_holder(Pid pid, std::span<const Holder> held) {
  auto process = linux_os::open_process(pid);
  if (!process) return tl::unexpected(missing(process.error()));
  if (!still_holds_one(process->get(), held)) return tl::unexpected(Missing::Gone);
  return std::move(*process);
}

}  // namespace

Answer<Process> read_process(Pid pid, std::span<const Holder> held, std::optional<uint32_t> pipes) {
  const auto process = open_holder(pid, held);
  if (!process) return tl::unexpected(process.error());
  const auto text = read_file(process->get(), "stat");
  if (!text) return tl::unexpected(missing(text.error()));
  const auto stat = decode_stat(*text);
  if (!stat) return tl::unexpected(Missing::CutShort);
  const auto cgroup = decode_cgroup(read_file(process->get(), "cgroup").value_or(std::string()));
  return Process{.pid = pid,
                 .parent = stat->parent,
                 .start_ticks = stat->start_ticks,
                 .started = time_of(stat->start_ticks),
                 .name = stat->name,
                 .command_line = command_line(process->get()),
                 .unit = cgroup.unit,
                 .container = cgroup.container,
                 .frozen = read_frozen(cgroup),
                 .descriptors = read_descriptors(process->get(), pipes)};
}

ThreadWatch::ThreadWatch(Pid pid, std::span<const Holder> held) : process_(open_holder(pid, held)) {
  if (process_) before_ = cpu_times();
  began_ = std::chrono::steady_clock::now();
}

ThreadWatch::ThreadWatch(Pid pid, std::span<const Holder> held, const ThreadTimes& first,
                         std::chrono::steady_clock::time_point at)
    : process_(open_holder(pid, held)), began_(at) {
  const auto tids = process_ ? numbers_in(process_->get(), "task") : linux_os::Result<std::vector<int32_t>>();
  if (!process_ || !tids) return;
  for (const auto tid : *tids) {
    if (const auto it = first.find(Tid{tid}); it != first.end()) before_[Tid{tid}] = it->second.ran;
  }
}

ThreadWatch::CpuTimes ThreadWatch::cpu_times() const {
  CpuTimes out;
  const auto tids = numbers_in(process_->get(), "task");
  if (!tids) return out;
  for (const auto tid : *tids) {
    const auto text = read_file(process_->get(), fmt::format("task/{}/schedstat", tid));
    const auto time = text ? decode_cpu_time(*text) : std::nullopt;
    if (time) out[Tid{tid}] = *time;
  }
  return out;
}

Answer<Threads> ThreadWatch::look_again() const {
  if (!process_) return tl::unexpected(process_.error());
  const auto after = cpu_times();
  Threads out{.window = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began_)};
  const auto tids = numbers_in(process_->get(), "task");
  if (!tids) return tl::unexpected(missing(tids.error()));
  for (const auto tid : *tids) {
    auto thread = read_thread(process_->get(), tid);
    if (!thread) continue;
    const auto first = before_.find(Tid{tid});
    const auto second = after.find(Tid{tid});
    if (first == before_.end() || second == after.end()) {
      thread->ran = tl::unexpected(Missing::CutShort);  // it began between the looks
    } else {
      thread->ran = second->second - first->second;
    }
    out.list.push_back(std::move(*thread));
  }
  if (out.list.empty()) return tl::unexpected(Missing::Gone);
  return out;
}

}  // namespace whywait::live
