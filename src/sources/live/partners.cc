#include "sources/live/partners.h"

#include "linux/netlink_dump.h"
#include "linux/netns.h"
#include "linux/procfs.h"
#include "sources/live/process_decode.h"

#include <algorithm>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>
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

// The attribute UNIX_DIAG_PEER of an answer.
void add_pair(std::span<const std::byte> message, std::vector<UnixPair>& out) {
  unix_diag_msg head{};
  if (message.size() < sizeof head) return;
  std::memcpy(&head, message.data(), sizeof head);
  auto left = message.subspan(NLMSG_ALIGN(sizeof head));
  while (left.size() >= sizeof(rtattr)) {
    rtattr attribute{};
    std::memcpy(&attribute, left.data(), sizeof attribute);
    if (attribute.rta_len < sizeof attribute || attribute.rta_len > left.size()) return;
    uint32_t peer = 0;
    if (attribute.rta_type == UNIX_DIAG_PEER && attribute.rta_len >= RTA_LENGTH(sizeof peer)) {
      std::memcpy(&peer, left.data() + RTA_LENGTH(0), sizeof peer);
      out.push_back({.inode = head.udiag_ino, .peer = peer});
      return;
    }
    left = left.subspan(std::min<size_t>(RTA_ALIGN(attribute.rta_len), left.size()));
  }
}

void add_pairs(std::vector<UnixPair>& out) {
  const auto socket = linux_os::open_sock_diag();
  if (!socket) return;
  unix_diag_req request{};
  request.sdiag_family = AF_UNIX;
  request.udiag_states = ~0U;
  request.udiag_show = UDIAG_SHOW_PEER;
  (void)linux_os::dump(socket->get(), SOCK_DIAG_BY_FAMILY, std::as_bytes(std::span(&request, 1)),
                       [&](std::span<const std::byte> message) { add_pair(message, out); });
}

template <class T>
void sort_once(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

// What may not be read is missing from it: a chain ends there, and says so.
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
