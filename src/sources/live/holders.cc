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

bool is_kernel_thread(int process) {
  const auto text = read_file(process, "stat");
  const auto stat = text ? decode_stat(*text) : std::nullopt;
  return stat && stat->is_kernel_thread;
}

void refuse(Pid pid, HolderTable& table) {
  if (table.unreadable++ == 0) table.first_unreadable = pid;
}

void add_process(Pid pid, HolderTable& table) {
  const auto process = linux_os::open_process(pid);
  if (!process) return;  // it ended
  const auto path = linux_os::descriptors_of(process->get());
  const auto fds = numbers_in(process->get(), path);
  if (!fds) {
    if (missing(fds.error()) == Missing::Denied && !is_kernel_thread(process->get())) refuse(pid, table);
    return;
  }
  for (const auto fd : *fds) {
    const auto link = read_link(process->get(), fmt::format("{}/{}", path, fd));
    if (!link) {
      if (missing(link.error()) != Missing::Denied) continue;  // closed since
      refuse(pid, table);
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
  table.outside = linux_os::is_inner_pid_namespace();
  if (linux_os::hides_processes()) refuse(Pid{0}, table);
  table.sort();
  return table;
}

}  // namespace whywait::live
