#include "linux/netns.h"

#include "linux/procfs.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/stat.h>

namespace whywait::linux_os {
namespace {

// "net:[4026531840]"
std::optional<Netns> parse_link(std::string_view link) {
  constexpr std::string_view kPrefix = "net:[";
  if (!link.starts_with(kPrefix)) return std::nullopt;
  uint32_t id = 0;
  for (const char c : link.substr(kPrefix.size())) {
    if (c == ']') return Netns{id};
    if (c < '0' || c > '9') return std::nullopt;
    id = id * 10 + static_cast<uint32_t>(c - '0');
  }
  return std::nullopt;
}

bool contains(const Namespaces& all, Netns id) {
  return std::any_of(all.list.begin(), all.list.end(), [&](const Namespace& n) { return n.id == id; });
}

void add(Namespaces& all, Netns id, const std::string& path) {
  if (contains(all, id)) return;
  Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat st {};
  if (!fd || fstat(fd.get(), &st) != 0) {
    ++all.refused;
    return;
  }
  // The path may lead elsewhere since it was read.
  const Netns opened{static_cast<uint32_t>(st.st_ino)};
  if (!contains(all, opened)) all.list.push_back({.id = opened, .fd = std::move(fd)});
}

Result<void> add_of_processes(Namespaces& all) {
  const auto pids = numbers_in(AT_FDCWD, "/proc");
  if (!pids) return tl::unexpected(pids.error());
  all.others_hidden = hides_processes();
  for (const auto pid : *pids) {
    const auto path = fmt::format("/proc/{}/ns/net", pid);
    const auto link = read_link(AT_FDCWD, path);
    if (!link) {
      all.others_hidden = all.others_hidden || missing(link.error()) == Missing::Denied;
    } else if (const auto id = parse_link(*link)) {
      add(all, *id, path);
    }
  }
  return {};
}

// Lines of /proc/self/mountinfo: id parent device ROOT MOUNT-POINT … - TYPE …
Result<void> add_of_mounts(Namespaces& all) {
  const auto text = read_file(AT_FDCWD, "/proc/self/mountinfo");
  if (!text) return tl::unexpected(text.error());
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string skipped;
    std::string root;
    std::string point;
    words >> skipped >> skipped >> skipped >> root >> point;
    if (const auto id = parse_link(root)) add(all, *id, point);
  }
  return {};
}

}  // namespace

Result<Netns> own_namespace() {
  const auto link = read_link(AT_FDCWD, "/proc/self/ns/net");
  if (!link) return tl::unexpected(link.error());
  const auto id = parse_link(*link);
  if (!id) return tl::unexpected(Error{.doing = "read /proc/self/ns/net", .number = EINVAL});
  return *id;
}

Result<Namespaces> all_namespaces() {
  const auto own = own_namespace();
  if (!own) return tl::unexpected(own.error());
  Namespaces all;
  all.list.push_back({.id = *own});
  if (const auto done = add_of_processes(all); !done) return tl::unexpected(done.error());
  if (const auto done = add_of_mounts(all); !done) return tl::unexpected(done.error());
  return all;
}

Result<void> inside(const Namespace& ns, const std::function<void()>& work) {
  if (!ns.fd) {
    work();
    return {};
  }
  Result<void> result;
  std::exception_ptr thrown;
  std::thread([&] {
    if (setns(ns.fd.get(), CLONE_NEWNET) != 0) {
      result = failed(fmt::format("enter network namespace {}", static_cast<uint32_t>(ns.id)));
      return;
    }
    try {
      work();
    } catch (...) {
      thrown = std::current_exception();
    }
  }).join();
  if (thrown) std::rethrow_exception(thrown);
  return result;
}

}  // namespace whywait::linux_os
