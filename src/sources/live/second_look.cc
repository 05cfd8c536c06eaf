#include "sources/live/second_look.h"

#include "core/row_index.h"
#include "linux/netlink_dump.h"
#include "linux/netns.h"
#include "sources/live/sock_diag_decode.h"

#include <algorithm>
#include <map>
#include <vector>

#include <linux/sock_diag.h>

namespace whywait::live {
namespace {

using Clock = std::chrono::steady_clock;
using Rows = std::vector<uint32_t>;

// A look-up costs two system calls, as much as five rows of a dump; and a dump walks a whole table.
constexpr size_t kFew = 2000;
constexpr size_t kRowsToALookUp = 8;

bool are_few(size_t asked, size_t all) { return asked <= std::max(kFew, all / kRowsToALookUp); }

Milliseconds since(Clock::time_point from) {
  return std::chrono::duration_cast<Milliseconds>(Clock::now() - from);
}

// The socket that has the ends of `c` now; an empty table if there is none.
linux_os::Result<SocketTable> look_up(int socket, const Connection& c) {
  SocketTable found;
  for (const auto family : {Family::V4, Family::V6}) {
    if (family == Family::V4 && !c.remote.address.is_v4()) continue;
    const auto asked =
        linux_os::get(socket, SOCK_DIAG_BY_FAMILY, sock_diag_request(c, family),
                      [&](std::span<const std::byte> m) { decode_sock_diag(m, c.netns, found); });
    if (!asked) return tl::unexpected(asked.error());
    if (found.connections.empty()) continue;
    // If the connection is gone, the kernel returns the listener that would accept it.
    const auto& now = found.connections.front();
    if (now.local == c.local && now.remote == c.remote) return found;
    found = {};
  }
  return found;
}

class SecondReading {
 public:
  SecondReading(Clock::time_point first_look, Facts& facts) : first_look_(first_look), facts_(facts) {}

  // Looks up the rows of one namespace; rows that cannot be looked up stay unanswered.
  void look_up_all(const linux_os::Namespace& ns, const Rows& rows) {
    // A namespace that cannot be entered any more answers nothing.
    static_cast<void>(linux_os::inside(ns, [&] {
      const auto socket = linux_os::open_sock_diag();
      if (!socket) return;
      for (const auto row : rows) {
        const auto after = since(first_look_);
        const auto now = live::look_up(socket->get(), facts_.table.connections[row]);
        if (!now) return;
        if (now->connections.empty()) {
          facts_.second.add(row, gone(after));
        } else {
          add(row, now->connections.front(), *now, after);
        }
      }
    }));
  }

  void read_all(const Rows& rows, ReadMethod method, bool own_namespace_only) {
    const auto after = since(first_look_);
    const auto reading = read_socket_tables(method, own_namespace_only);
    RowIndex index(rows.size());
    for (const auto row : rows) index.add(hash_of(facts_.table.connections[row]), row);
    for (const auto& now : reading.table.connections) {
      index.find(hash_of(now), [&](uint32_t row) {
        const auto& c = facts_.table.connections[row];
        if (c.netns == now.netns && c.local == now.local && c.remote == now.remote)
          add(row, now, reading.table, after);
        return false;  // a table that was read while it changed may have a row twice
      });
    }
    for (const auto row : rows) {
      const auto netns = facts_.table.connections[row].netns;
      const bool is_whole =
          std::find(reading.whole.begin(), reading.whole.end(), netns) != reading.whole.end();
      // A row that is missing is gone only where every row was read. An answer that is there stays.
      facts_.second.add(row,
                        is_whole ? Answer<SecondLookRow>(gone(after)) : tl::unexpected(Missing::CutShort));
    }
  }

  Rows unanswered(std::span<const uint32_t> rows) const {
    Rows out;
    for (const auto row : rows) {
      const auto& answer = facts_.second.of(row);
      if (!answer && answer.error() == Missing::NotAsked) out.push_back(row);
    }
    return out;
  }

 private:
  static uint64_t hash_of(const Connection& c) {
    return hash_of_ends(c.local, c.remote, static_cast<uint64_t>(c.netns));
  }

  void add(uint32_t row, const Connection& now, const SocketTable& table, Milliseconds after) {
    facts_.second.add(row, later(now, table.info(now), after));
  }

  Clock::time_point first_look_;
  Facts& facts_;
};

// The namespaces of these rows, each with its rows.
std::map<Netns, Rows> by_namespace(std::span<const uint32_t> rows, const SocketTable& table) {
  std::map<Netns, Rows> out;
  for (const auto row : rows) out[table.connections[row].netns].push_back(row);
  return out;
}

linux_os::Namespaces find_namespaces(const std::map<Netns, Rows>& wanted) {
  linux_os::Namespaces own;
  if (const auto id = linux_os::own_namespace()) own.list.push_back({.id = *id});
  const bool is_enough = wanted.size() == 1 && !own.list.empty() && wanted.contains(own.list.front().id);
  if (is_enough) return own;
  auto all = linux_os::all_namespaces();
  return all ? std::move(*all) : std::move(own);
}

// The kernel's look-up is of connections, and was possible before where it gave a cookie.
bool can_be_looked_up(const Connection& c) { return c.cookie() && c.state != State::Listen; }

}  // namespace

void look_again(std::span<const uint32_t> rows, std::chrono::steady_clock::time_point first_look,
                ReadMethod method, bool own_namespace_only, Facts& facts) {
  SecondReading again(first_look, facts);
  const auto& table = facts.table;
  const bool one_by_one = method == ReadMethod::SockDiag && are_few(rows.size(), table.connections.size()) &&
                          std::all_of(rows.begin(), rows.end(),
                                      [&](uint32_t r) { return can_be_looked_up(table.connections[r]); });
  if (one_by_one) {
    const auto wanted = by_namespace(rows, table);
    for (const auto& ns : find_namespaces(wanted).list) {
      if (const auto it = wanted.find(ns.id); it != wanted.end()) again.look_up_all(ns, it->second);
    }
  }
  if (const auto left = again.unanswered(rows); !left.empty())
    again.read_all(left, method, own_namespace_only);
}

}  // namespace whywait::live
