#include "sources/live/details.h"

#include "linux/procfs.h"
#include "sources/live/process_decode.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>
#include <sys/xattr.h>

namespace whywait::live {
namespace {

using linux_os::missing;
using linux_os::numbers_in;
using linux_os::read_file;
using linux_os::read_link;

using RowOf = std::unordered_map<uint64_t, uint32_t>;

RowOf rows_by_cookie(const SocketTable& table) {
  RowOf out;
  out.reserve(table.connections.size());
  for (uint32_t i = 0; i < table.connections.size(); ++i) {
    if (const auto cookie = table.connections[i].cookie()) out.emplace(*cookie, i);
  }
  return out;
}

// What /proc says about the sockets of one process, by inode.
struct ProcessDetails {
  std::map<uint32_t, EpollInterest> epoll;
  std::map<uint32_t, std::vector<Tid>> waiters;
  bool all_waiters = true;  // no thread waits on something that its call does not name
  std::vector<Holder> rings;
};

void add_epoll(const std::string& fdinfo, ProcessDetails& told) {
  for (const auto& item : decode_epoll(fdinfo)) {
    auto& interest = told.epoll[item.inode];
    ++interest.items;
    interest.events |= item.events;
  }
}

// The descriptors of the kernel's own kinds, which watch or hold others.
void read_anonymous(int process, Pid pid, const std::string& fds, int32_t fd, std::string_view link,
                    ProcessDetails& told) {
  const auto fdinfo = [&] {
    return read_file(process, fmt::format("{}info/{}", fds, fd)).value_or(std::string());
  };
  if (link == "anon_inode:[eventpoll]") add_epoll(fdinfo(), told);
  if (link != "anon_inode:[io_uring]") return;
  const auto files = decode_ring_files(fdinfo());
  if (!files) return;
  for (const auto inode : *files) told.rings.push_back({inode, pid, fd});
}

bool names_its_socket(Call call) {
  return call == Call::Accept || call == Call::Receive || call == Call::Send || call == Call::Connect;
}

void read_waiters(int process, const std::map<int32_t, uint32_t>& sockets, ProcessDetails& told) {
  const auto tids = numbers_in(process, "task");
  if (!tids) {
    told.all_waiters = false;
    return;
  }
  for (const auto tid : *tids) {
    const auto text = read_file(process, fmt::format("task/{}/syscall", tid));
    const auto call = text ? decode_system_call(*text) : std::nullopt;
    if (!call || call->call == Call::Poll || call->call == Call::IoUring || call->call == Call::Other) {
      told.all_waiters = false;
      continue;
    }
    if (!names_its_socket(call->call) || !call->fd) continue;
    const auto socket = sockets.find(*call->fd);
    if (socket != sockets.end()) told.waiters[socket->second].push_back(Tid{tid});
  }
}

Answer<ProcessDetails> read_process_details(Pid pid) {
  const auto process = linux_os::open_process(pid);
  if (!process) return tl::unexpected(missing(process.error()));
  const auto path = linux_os::descriptors_of(process->get());
  const auto fds = numbers_in(process->get(), path);
  if (!fds) return tl::unexpected(missing(fds.error()));
  ProcessDetails told;
  std::map<int32_t, uint32_t> sockets;
  for (const auto fd : *fds) {
    const auto link = read_link(process->get(), fmt::format("{}/{}", path, fd));
    if (!link) continue;  // closed since
    if (const auto inode = decode_inode_link(*link, "socket")) {
      sockets[fd] = *inode;
    } else {
      read_anonymous(process->get(), pid, path, fd, *link, told);
    }
  }
  read_waiters(process->get(), sockets, told);
  return told;
}

// The protocol of a socket, through a descriptor of it (net/socket.c, sockfs_xattr_get): "TCP", "TCPv6",
// "UDP" …
std::optional<NotInTable> untabled_kind(const Holder& h) {
  std::array<char, 32> name{};
  const auto path = fmt::format("/proc/{}/fd/{}", number(h.pid), h.fd);
  const auto size = getxattr(path.c_str(), "system.sockprotoname", name.data(), name.size() - 1);
  if (size <= 0) return std::nullopt;
  const std::string_view protocol(name.data());
  if (protocol == "TCP" || protocol == "TCPv6") return NotInTable::Tcp;
  return protocol.starts_with("MPTCP") ? NotInTable::Mptcp : NotInTable::Other;
}

class ByProc {
 public:
  explicit ByProc(Facts& facts) : facts_(facts), details_(*facts.details) {
    const auto& rows = facts.table.connections;
    for (uint32_t i = 0; i < rows.size(); ++i) {
      if (const auto inode = rows[i].inode(); inode.value_or(0) != 0) rows_.emplace(*inode, i);
    }
  }

  void add(Pid pid) {
    auto told = read_process_details(pid);
    details_.read[pid] = told ? std::nullopt : std::optional(told.error());
    if (!told || !facts_.holders) return;
    auto& rings = facts_.holders->rings;
    rings.insert(rings.end(), told->rings.begin(), told->rings.end());
    told_[pid] = std::move(*told);
  }

  // Rows of these processes, as far as everybody who holds them was asked.
  void finish() {
    if (!facts_.holders) return;
    std::set<uint32_t> inodes;
    for (const auto& h : facts_.holders->rows) {
      if (told_.contains(h.pid)) inodes.insert(h.inode);
    }
    for (const auto inode : inodes) add_socket(inode);
    facts_.holders->sort();
    std::sort(details_.rows.begin(), details_.rows.end(),
              [](const SocketDetail& a, const SocketDetail& b) { return a.row < b.row; });
    std::sort(details_.waiters.begin(), details_.waiters.end());
  }

 private:
  void add_socket(uint32_t inode) {
    const auto holders = facts_.holders->of(inode);
    const auto row = rows_.find(inode);
    if (row == rows_.end()) {
      const auto kind = untabled_kind(holders.front());
      if (kind) facts_.holders->not_in_table.push_back({inode, *kind});
      return;
    }
    SocketDetail detail;
    detail.row = row->second;
    detail.set_has_file(true);
    const auto others = [&](const Holder& h) { return !told_.contains(h.pid); };
    if (!facts_.holders->may_miss_holders() && std::none_of(holders.begin(), holders.end(), others)) {
      add_from_all(inode, holders, detail);
    }
    details_.rows.push_back(detail);
  }

  void add_from_all(uint32_t inode, std::span<const Holder> holders, SocketDetail& detail) {
    std::set<Pid> pids;
    for (const auto& h : holders) pids.insert(h.pid);
    EpollInterest epoll;
    uint32_t waiters = 0;
    bool all_waiters = true;
    for (const auto pid : pids) {
      const auto& told = told_.at(pid);
      all_waiters = all_waiters && told.all_waiters;
      if (const auto it = told.epoll.find(inode); it != told.epoll.end()) {
        epoll.items = static_cast<uint8_t>(epoll.items + it->second.items);
        epoll.events |= it->second.events;
      }
      const auto it = told.waiters.find(inode);
      if (it == told.waiters.end()) continue;
      waiters += static_cast<uint32_t>(it->second.size());
      for (const auto tid : it->second) details_.waiters.push_back({detail.row, tid});
    }
    detail.set_epoll(epoll);
    if (all_waiters) detail.set_waiters(waiters);
  }

  Facts& facts_;
  SocketDetails& details_;
  RowOf rows_;  // by inode
  std::map<Pid, ProcessDetails> told_;
};

}  // namespace

void join_details(const IteratorReading& reading, Facts& facts) {
  const auto there = rows_by_cookie(reading.table);
  const auto here = rows_by_cookie(facts.table);
  const auto row_here = [&](uint32_t row_there) -> std::optional<uint32_t> {
    const auto it = here.find(reading.table.connections[row_there].cookie().value_or(0));
    return it == here.end() ? std::nullopt : std::optional(it->second);
  };
  SocketDetails out{.rows = {}, .waiters = {}, .others = reading.details.others, .everywhere = true};
  for (auto detail : reading.details.rows) {
    const auto row = row_here(detail.row);
    if (!row) continue;
    const auto listener = detail.listener() ? row_here(*detail.listener()) : std::nullopt;
    detail.row = *row;
    detail.forget_listener();
    if (listener) detail.set_listener(*listener);
    out.rows.push_back(detail);
  }
  for (const auto& [cookie, row] : here) {
    if (there.contains(cookie)) continue;
    SocketDetail gone;
    gone.row = row;
    out.rows.push_back(gone);
  }
  for (const auto& w : reading.details.waiters) {
    if (const auto row = row_here(w.row)) out.waiters.push_back({*row, w.tid});
  }
  std::sort(out.rows.begin(), out.rows.end(),
            [](const SocketDetail& a, const SocketDetail& b) { return a.row < b.row; });
  std::sort(out.waiters.begin(), out.waiters.end());
  facts.details = std::move(out);
  if (!facts.holders) return;
  facts.holders->rings = reading.holders.rings;
  facts.holders->in_flight = reading.holders.in_flight;
  facts.holders->saw_rings = reading.holders.saw_rings;
  facts.holders->saw_flights = reading.holders.saw_flights;
  facts.holders->not_in_table = reading.holders.not_in_table;
}

void read_details(const std::vector<Pid>& pids, Facts& facts) {
  // Processes that were asked about before are read again, because two processes may hold the same socket.
  std::set<Pid> all(pids.begin(), pids.end());
  for (const auto& [pid, why_not] : facts.details->read) all.insert(pid);
  *facts.details = SocketDetails{};
  if (facts.holders) facts.holders->rings.clear();
  ByProc by_proc(facts);
  for (const auto pid : all) by_proc.add(pid);
  by_proc.finish();
}

}  // namespace whywait::live
