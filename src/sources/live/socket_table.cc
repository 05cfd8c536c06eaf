#include "sources/live/socket_table.h"

#include "core/proc_net_tcp.h"
#include "linux/netlink_dump.h"
#include "linux/netns.h"
#include "linux/procfs.h"
#include "sources/live/sock_diag_decode.h"

#include <sstream>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sock_diag.h>

namespace whywait::live {
namespace {

using linux_os::Namespace;

// A table that changes faster than it can be walked is taken as it is after this many tries.
constexpr int kTries = 3;

enum class Coverage : uint8_t { Whole, Partly };

// The end of a table, to go back to where what was added since is of no use.
class Mark {
 public:
  explicit Mark(SocketTable& table)
      : table_(table), connections_(table.connections.size()), infos_(table.infos.size()) {}

  // Rarely needed, so it may copy what stays.
  void go_back() const {
    keep(table_.connections, connections_);
    keep(table_.infos, infos_);
  }

 private:
  template <class T>
  static void keep(Pages<T>& all, size_t count) {
    if (all.size() == count) return;
    Pages<T> kept;
    for (size_t i = 0; i < count; ++i) kept.push_back(all[i]);
    all = std::move(kept);
  }

  SocketTable& table_;
  size_t connections_;
  size_t infos_;
};

// The readers add to the table, also where they fail.
linux_os::Result<Coverage> read_family(int socket, Family family, Netns netns, SocketTable& table) {
  const auto request = sock_diag_request(family);
  const Mark begin(table);
  for (int attempt = 1;; ++attempt) {
    auto coverage = Coverage::Whole;
    const auto dump = linux_os::dump(socket, SOCK_DIAG_BY_FAMILY, request, [&](std::span<const std::byte> m) {
      if (!decode_sock_diag(m, netns, table)) coverage = Coverage::Partly;
    });
    if (!dump) return tl::unexpected(dump.error());
    if (*dump == linux_os::DumpEnd::Whole) return coverage;
    if (attempt == kTries) return Coverage::Partly;
    begin.go_back();
  }
}

linux_os::Result<Coverage> read_sock_diag(Netns netns, SocketTable& table) {
  const auto socket = linux_os::open_sock_diag();
  if (!socket) return tl::unexpected(socket.error());
  auto four = read_family(socket->get(), Family::V4, netns, table);
  if (!four) return four;
  auto six = read_family(socket->get(), Family::V6, netns, table);
  if (!six && six.error().number == ENOENT) return four;  // a kernel without IPv6
  return !six || *six == Coverage::Partly ? six : four;
}

linux_os::Result<Coverage> read_proc_net(Netns netns, SocketTable& table) {
  auto coverage = Coverage::Whole;
  for (const auto* path : {"/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"}) {
    constexpr size_t kMost = size_t{1} << 30U;
    const auto text = linux_os::read_file(AT_FDCWD, path, kMost);
    if (!text && text.error().number == ENOENT && path != std::string_view("/proc/thread-self/net/tcp"))
      continue;
    if (!text) return tl::unexpected(text.error());
    std::istringstream lines(*text);
    std::string line;
    std::getline(lines, line);  // the header
    while (std::getline(lines, line)) {
      if (!decode_proc_net_tcp(line, netns, table)) coverage = Coverage::Partly;
    }
  }
  return coverage;
}

class TableReader {
 public:
  TableReader(ReadMethod method, Reading& out) : way_(method), out_(out) {}

  void read(const Namespace& ns) {
    const Mark begin(out_.table);
    linux_os::Result<Coverage> coverage;
    const auto entered = linux_os::inside(ns, [&] { coverage = read_inside(ns.id); });
    if (!entered && linux_os::missing(entered.error()) == Missing::Denied) {
      ++denied_;
      return;
    }
    if (!entered) return refuse(Gap::What::Namespaces, entered.error());
    if (!coverage) {
      begin.go_back();
      return refuse(Gap::What::Rows, coverage.error());
    }
    if (*coverage == Coverage::Whole) {
      out_.whole.push_back(ns.id);
    } else {
      out_.gaps.push_back({.what = Gap::What::Rows, .why = Missing::CutShort, .count = 1});
    }
  }

  uint32_t denied_namespaces() const { return denied_; }

 private:
  linux_os::Result<Coverage> read_inside(Netns netns) {
    if (way_ == ReadMethod::SockDiag) {
      const Mark begin(out_.table);
      auto coverage = read_sock_diag(netns, out_.table);
      if (coverage) return coverage;
      begin.go_back();
      refuse(Gap::What::SocketDetail, coverage.error());
    } else if (out_.gaps.empty()) {
      out_.gaps.push_back({.what = Gap::What::SocketDetail, .why = Missing::NotAsked, .count = 0});
    }
    return read_proc_net(netns, out_.table);
  }

  void refuse(Gap::What what, const linux_os::Error& error) {
    for (auto& gap : out_.gaps) {
      if (gap.what == what && gap.detail == error.text()) {
        ++gap.count;
        return;
      }
    }
    out_.gaps.push_back({.what = what, .why = linux_os::missing(error), .count = 1, .detail = error.text()});
  }

  ReadMethod way_;
  Reading& out_;
  uint32_t denied_ = 0;
};

}  // namespace

linux_os::Result<linux_os::Namespaces> find_namespaces(bool own_only) {
  if (!own_only) return linux_os::all_namespaces();
  const auto own = linux_os::own_namespace();
  if (!own) return tl::unexpected(own.error());
  linux_os::Namespaces one;
  one.list.push_back({.id = *own});
  return one;
}

void add_namespace_gap(const linux_os::Namespaces& found, uint32_t denied, std::vector<Gap>& gaps) {
  const auto refused = found.refused + denied;
  if (refused == 0 && !found.others_hidden) return;
  gaps.push_back({.what = Gap::What::Namespaces, .why = Missing::Denied, .count = refused});
}

Reading read_socket_tables(ReadMethod method, bool own_namespace_only) {
  Reading out;
  auto found = find_namespaces(own_namespace_only);
  if (!found) {
    out.gaps.push_back({.what = Gap::What::Rows,
                        .why = linux_os::missing(found.error()),
                        .count = 0,
                        .detail = found.error().text()});
    return out;
  }
  TableReader reader(method, out);
  for (const auto& ns : found->list) reader.read(ns);
  add_namespace_gap(*found, reader.denied_namespaces(), out.gaps);
  return out;
}

}  // namespace whywait::live
