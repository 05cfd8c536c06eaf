#include "sources/live/holders.h"

#include "linux/procfs.h"
#include "sources/live/process_decode.h"

#include <string>

#include <fcntl.h>
#include <fmt/format.h>

namespace whywait::live {
namespace {

using linux_os::missing;
using linux_os::numbers_in;
using linux_os::read_file;
using linux_os::read_link;

// The descriptor table of an exited thread-group leader looks empty while its threads still have it.
std::string descriptors_of(int process) {
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

bool is_kernel_thread(int process) {
  const auto text = read_file(process, "stat");
  const auto stat = text ? decode_stat(*text) : std::nullopt;
  return stat && stat->is_kernel_thread;
}

void add_process(Pid pid, HolderTable& table) {
  const auto process = linux_os::open_process(pid);
  if (!process) return;  // it ended
  const auto path = descriptors_of(process->get());
  const auto fds = numbers_in(process->get(), path);
  if (!fds) {
    if (missing(fds.error()) == Missing::Denied && !is_kernel_thread(process->get())) ++table.unreadable;
    return;
  }
  for (const auto fd : *fds) {
    const auto link = read_link(process->get(), fmt::format("{}/{}", path, fd));
    if (!link) {
      if (missing(link.error()) != Missing::Denied) continue;  // closed since
      ++table.unreadable;
      return;
    }
    if (const auto inode = decode_inode_link(*link, "socket")) table.rows.push_back({*inode, pid, fd});
  }
}

}  // namespace

Answer<HolderTable> read_holders() {
  const auto pids = numbers_in(AT_FDCWD, "/proc");
  if (!pids) return tl::unexpected(missing(pids.error()));
  HolderTable table;
  for (const auto pid : *pids) add_process(Pid{pid}, table);
  if (linux_os::hides_processes()) ++table.unreadable;
  table.sort();
  return table;
}

}  // namespace whywait::live
