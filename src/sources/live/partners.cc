#include "sources/live/partners.h"

#include "core/sorted.h"
#include "linux/netlink_dump.h"
#include "linux/netns.h"
#include "linux/procfs.h"
#include "sources/live/process_decode.h"
#include "sources/live/sock_diag_decode.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sock_diag.h>
#include <sys/stat.h>

namespace whywait::live {
namespace {

// A link's permissions tell how its descriptor was opened (fs/proc/fd.c, tid_fd_update_inode).
void add_pipes(Pid pid, std::vector<PipeEnd>& out) {
  const auto process = linux_os::open_process(pid);
  if (!process) return;
  const auto path = linux_os::descriptors_of(process->get());
  const auto fds = linux_os::numbers_in(process->get(), path);
  if (!fds) return;
  for (const auto fd : *fds) {
    const auto name = fmt::format("{}/{}", path, fd);
    const auto link = linux_os::read_link(process->get(), name);
    const auto inode = link ? decode_inode_link(*link, "pipe") : std::nullopt;
    struct stat how {};
    if (!inode || fstatat(process->get(), name.c_str(), &how, AT_SYMLINK_NOFOLLOW) != 0) continue;
    out.push_back({.inode = *inode,
                   .pid = pid,
                   .reads = (how.st_mode & S_IRUSR) != 0,
                   .writes = (how.st_mode & S_IWUSR) != 0});
  }
}

// Nothing if unix_diag is not available.
void add_pairs(std::vector<UnixPair>& out) {
  const auto socket = linux_os::open_sock_diag();
  if (!socket) return;
  (void)linux_os::dump(socket->get(), SOCK_DIAG_BY_FAMILY, unix_diag_request(),
                       [&](std::span<const std::byte> message) {
                         if (const auto pair = decode_unix_diag(message)) out.push_back(*pair);
                       });
}

}  // namespace

// Processes that whywait may not read are missing from it: a chain ends there, and the report says so.
Answer<Partners> read_partners() {
  const auto pids = linux_os::numbers_in(AT_FDCWD, "/proc");
  if (!pids) return tl::unexpected(linux_os::missing(pids.error()));
  Partners out;
  for (const auto pid : *pids) add_pipes(Pid{pid}, out.pipes);
  if (const auto namespaces = linux_os::all_namespaces()) {
    for (const auto& ns : namespaces->list) (void)linux_os::inside(ns, [&] { add_pairs(out.unix_pairs); });
  }
  out.locks = decode_locks(linux_os::read_file(AT_FDCWD, "/proc/locks").value_or(std::string()));
  sort_once(out.pipes);
  sort_once(out.unix_pairs);
  return out;
}

}  // namespace whywait::live
