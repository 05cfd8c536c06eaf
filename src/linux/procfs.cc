#include "linux/procfs.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

namespace whywait::linux_os {
namespace {

struct CloseDirectory {
  void operator()(DIR* d) const { closedir(d); }
};

Result<Fd> open_at(int directory, const std::string& path, int flags) {
  const int fd = openat(directory, path.c_str(), flags | O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed("open " + path);
  return Fd(fd);
}

}  // namespace

Result<Fd> open_directory(const std::string& path) { return open_at(AT_FDCWD, path, O_DIRECTORY); }

Result<Fd> open_process(Pid pid) { return open_directory(fmt::format("/proc/{}", number(pid))); }

bool hides_processes() { return access("/proc/1", F_OK) != 0; }  // the first process always runs

bool is_inner_pid_namespace() {
  // PROC_PID_INIT_INO of include/linux/proc_ns.h
  return read_link(AT_FDCWD, "/proc/self/ns/pid").value_or("") != "pid:[4026531836]";
}

std::optional<uint32_t> size_of_directory(int directory, const std::string& path) {
  struct stat st {};
  if (fstatat(directory, path.c_str(), &st, 0) != 0 || st.st_size <= 0) return std::nullopt;
  return static_cast<uint32_t>(st.st_size);
}

std::string descriptors_of(int process) {
  if (size_of_directory(process, "fd")) return "fd";
  const auto own = numbers_in(process, "fd");
  if (!own || !own->empty()) return "fd";
  const auto tasks = numbers_in(process, "task");
  if (!tasks) return "fd";
  for (const auto tid : *tasks) {
    auto path = fmt::format("task/{}/fd", tid);
    const auto fds = numbers_in(process, path);
    if (fds && !fds->empty()) return path;
  }
  return "fd";
}

std::optional<Pid> thread_group_of(int process) {
  // The kernel escapes a newline in the name, which comes before.
  constexpr std::string_view kRow = "\nTgid:\t";
  const auto status = read_file(process, "status");
  const auto at = status ? status->find(kRow) : std::string::npos;
  if (at == std::string::npos) return std::nullopt;
  int32_t pid = 0;
  std::from_chars(status->data() + at + kRow.size(), status->data() + status->size(), pid);
  return pid > 0 ? std::optional(Pid{pid}) : std::nullopt;
}

Result<std::string> read_file(int directory, const std::string& path, size_t limit) {
  auto fd = open_at(directory, path, O_NONBLOCK);
  if (!fd) return tl::unexpected(fd.error());
  std::string out;
  std::array<char, 4096> buffer{};
  while (out.size() < limit) {
    const auto n = read(fd->get(), buffer.data(), std::min(buffer.size(), limit - out.size()));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("read " + path);
    if (n == 0) break;
    out.append(buffer.data(), static_cast<size_t>(n));
  }
  return out;
}

Result<std::string> read_link(int directory, const std::string& path) {
  std::array<char, 4096> buffer{};
  const auto n = readlinkat(directory, path.c_str(), buffer.data(), buffer.size());
  if (n < 0) return failed("readlink " + path);
  return std::string(buffer.data(), static_cast<size_t>(n));
}

Result<std::vector<int32_t>> numbers_in(int directory, const std::string& path) {
  auto fd = open_at(directory, path, O_DIRECTORY);
  if (!fd) return tl::unexpected(fd.error());
  const std::unique_ptr<DIR, CloseDirectory> dir(fdopendir(fd->get()));
  if (!dir) return failed("read " + path);
  fd->release();
  std::vector<int32_t> out;
  errno = 0;
  while (const auto* entry =
             readdir(dir.get())) {  // NOLINT(concurrency-mt-unsafe): this stream is ours alone
    const std::string_view name(static_cast<const char*>(entry->d_name));
    int32_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) out.push_back(number);
  }
  if (errno != 0) return failed("read " + path);
  return out;
}

}  // namespace whywait::linux_os
