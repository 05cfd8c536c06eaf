#include "sources/live/socket_table.h"

#include "core/proc_net_tcp.h"
#include "linux/netlink_dump.h"
#include "linux/netns.h"
#include "linux/procfs.h"
#include "sources/live/sock_diag_decode.h"

#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sock_diag.h>

namespace whywait::live {
namespace {

using linux_os::Namespace;

// A table that changes faster than it can be walked is taken as it is after this many tries.
constexpr int kTries = 3;

enum class Coverage : uint8_t { Whole, Partly };

struct One {
  SocketTable table;
  Coverage coverage = Coverage::Whole;
};

linux_os::Result<One> read_family(int socket, Family family, Netns netns) {
  const auto request = sock_diag_request(family);
  for (int attempt = 1;; ++attempt) {
    One out;
    const auto dump = linux_os::dump(socket, SOCK_DIAG_BY_FAMILY, request, [&](std::span<const std::byte> m) {
      if (!decode_sock_diag(m, netns, out.table)) out.coverage = Coverage::Partly;
    });
    if (!dump) return tl::unexpected(dump.error());
    if (*dump == linux_os::Dump::Whole) return out;
    if (attempt == kTries) {
      out.coverage = Coverage::Partly;
      return out;
    }
  }
}

void append(One& to, One&& from) {
  const auto base = static_cast<uint32_t>(to.table.infos.size());
  for (auto& c : from.table.connections) {
    if (const auto info = c.info()) c.set_info(base + *info);
    to.table.connections.push_back(c);
  }
  for (const auto& info : from.table.infos) to.table.infos.push_back(info);
  if (from.coverage == Coverage::Partly) to.coverage = Coverage::Partly;
}

linux_os::Result<One> read_sock_diag(Netns netns) {
  const auto socket = linux_os::open_sock_diag();
  if (!socket) return tl::unexpected(socket.error());
  auto out = read_family(socket->get(), Family::V4, netns);
  if (!out) return out;
  auto six = read_family(socket->get(), Family::V6, netns);
  if (six) {
    append(*out, std::move(*six));
  } else if (six.error().number != ENOENT) {  // a kernel without IPv6
    return six;
  }
  return out;
}

linux_os::Result<One> read_proc_net(Netns netns) {
  One out;
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
      if (!decode_proc_net_tcp(line, netns, out.table)) out.coverage = Coverage::Partly;
    }
  }
  return out;
}

class Reader {
 public:
  Reader(ReadMethod way, Reading& out) : way_(way), out_(out) {}

  void read(const Namespace& ns) {
    linux_os::Result<One> one;
    const auto entered = linux_os::inside(ns, [&] { one = read_inside(ns.id); });
    if (!entered && linux_os::missing(entered.error()) == Missing::Denied) {
      ++denied_;
      return;
    }
    if (!entered) return refuse(Gap::What::Namespaces, entered.error());
    if (!one) return refuse(Gap::What::Rows, one.error());
    if (one->coverage == Coverage::Whole) {
      out_.whole.push_back(ns.id);
    } else {
      out_.gaps.push_back({.what = Gap::What::Rows, .why = Missing::CutShort, .count = 1});
    }
    append(all_, std::move(*one));
  }

  void finish() { out_.table = std::move(all_.table); }
  uint32_t denied_namespaces() const { return denied_; }

 private:
  linux_os::Result<One> read_inside(Netns netns) {
    if (way_ == ReadMethod::SockDiag) {
      auto one = read_sock_diag(netns);
      if (one) return one;
      refuse(Gap::What::SocketDetail, one.error());
    } else if (out_.gaps.empty()) {
      out_.gaps.push_back({.what = Gap::What::SocketDetail, .why = Missing::NotAsked, .count = 0});
    }
    return read_proc_net(netns);
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
  One all_;
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

Reading read_socket_tables(ReadMethod way, bool own_namespace_only) {
  Reading out;
  auto found = find_namespaces(own_namespace_only);
  if (!found) {
    out.gaps.push_back({.what = Gap::What::Rows,
                        .why = linux_os::missing(found.error()),
                        .count = 0,
                        .detail = found.error().text()});
    return out;
  }
  Reader reader(way, out);
  for (const auto& ns : found->list) reader.read(ns);
  reader.finish();
  add_namespace_gap(*found, reader.denied_namespaces(), out.gaps);
  return out;
}

}  // namespace whywait::live
