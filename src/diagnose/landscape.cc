#include "diagnose/landscape.h"

#include <algorithm>
#include <optional>
#include <set>

namespace whywait {
namespace {

// What is not given cannot be said to differ.
template <class T>
bool differ(const std::optional<T>& a, const std::optional<T>& b) {
  return a && b && *a != *b;
}

// Both ends are in one namespace whatever the routes are.
bool stays_on_this_host(const Connection& c) {
  return c.remote.address.is_loopback() || c.remote.address == c.local.address;
}

}  // namespace

Landscape::Landscape(const Facts& facts) : facts_(facts), tuples_(by_tuple(facts.table)) {
  const auto& rows = facts.table.connections;
  for (Index i = 0; i < rows.size(); ++i) {
    const std::pair place{rows[i].netns, rows[i].local.port};
    if (rows[i].state == State::Listen) {
      listeners_[place].push_back(i);
    } else {
      ++local_ports_[place];
    }
    if (const auto inode = rows[i].inode(); inode.value_or(0) != 0) inodes_.emplace_back(*inode, i);
  }
  std::sort(inodes_.begin(), inodes_.end());
  if (facts.second) tuples_again_ = by_tuple(facts.second->table);
}

std::vector<Landscape::ByTuple> Landscape::by_tuple(const SocketTable& table) {
  std::vector<ByTuple> out;
  out.reserve(table.connections.size());
  for (Index i = 0; i < table.connections.size(); ++i) {
    const auto& c = table.connections[i];
    if (c.state != State::Listen) out.push_back({c.netns, c.local, c.remote, i});
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<Landscape::Index> Landscape::listeners_of(const Connection& c) const {
  const auto it = listeners_.find({c.netns, c.local.port});
  if (it == listeners_.end()) return {};
  std::vector<Index> exact;
  std::vector<Index> same_family;
  std::vector<Index> any;  // :: takes IPv4 as well, unless there is a listener of the family
  for (const auto i : it->second) {
    const auto& bound = row(i).local.address;
    if (bound == c.local.address) exact.push_back(i);
    if (!bound.is_unspecified()) continue;
    if (bound.is_v4() == c.local.address.is_v4()) same_family.push_back(i);
    if (!bound.is_v4()) any.push_back(i);
  }
  if (!exact.empty()) return exact;
  return same_family.empty() ? any : same_family;
}

bool Landscape::is_shared(Netns netns, uint16_t local_port) const {
  const auto it = local_ports_.find({netns, local_port});
  return it != local_ports_.end() && it->second > 1;
}

const Connection* Landscape::mirror_of(const Connection& c) const {
  const auto in = [&](Netns netns) -> const Connection* {
    const ByTuple wanted{netns, c.remote, c.local, 0};
    const auto it = std::lower_bound(tuples_.begin(), tuples_.end(), wanted);
    const bool found =
        it != tuples_.end() && it->netns == netns && it->local == c.remote && it->remote == c.local;
    return found ? &row(it->index) : nullptr;
  };
  if (const auto* here = in(c.netns)) return here;
  if (c.remote.address.is_loopback()) return nullptr;
  for (const auto netns : facts_.whole) {
    if (const auto* there = in(netns)) return there;
  }
  return nullptr;
}

PeerEnd Landscape::peer_of(const Connection& c) const {
  if (const auto* mirror = mirror_of(c)) {
    if (!mirror->inode()) return PeerEnd::Unseen;
    return *mirror->inode() == 0 ? PeerEnd::Closed : PeerEnd::Open;
  }
  if (!stays_on_this_host(c) || !facts_.is_whole(c.netns)) return PeerEnd::Unseen;
  // Address translation on loopback: the other end is there, and believes to be connected to another port.
  const auto it = std::lower_bound(tuples_.begin(), tuples_.end(), ByTuple{c.netns, c.remote, {}, 0});
  const bool translated = it != tuples_.end() && it->netns == c.netns && it->local == c.remote;
  return translated ? PeerEnd::Unseen : PeerEnd::Closed;
}

bool Landscape::is_unmoved(const Connection& before, const Connection& now) const {
  if (now.state != before.state || differ(now.cookie(), before.cookie())) return false;
  if (differ(now.recv_q(), before.recv_q())) return false;
  if (differ(now.inode(), before.inode())) return false;  // accepted in between
  const auto* was = facts_.table.info(before);
  const auto* is = facts_.second->table.info(now);
  return was == nullptr || is == nullptr || was->bytes_sent == is->bytes_sent;
}

Answer<Again> Landscape::again(const Connection& c) const {
  if (!facts_.second) return tl::unexpected(facts_.second.error());
  const ByTuple wanted{c.netns, c.local, c.remote, 0};
  const auto it = std::lower_bound(tuples_again_.begin(), tuples_again_.end(), wanted);
  if (it != tuples_again_.end() && it->netns == c.netns && it->local == c.local && it->remote == c.remote) {
    return is_unmoved(c, facts_.second->table.connections[it->index]) ? Again::Same : Again::Moved;
  }
  // A row that is missing is gone only where every row was read.
  const auto& whole = facts_.second->whole;
  if (std::find(whole.begin(), whole.end(), c.netns) != whole.end()) return Again::Moved;
  return tl::unexpected(Missing::CutShort);
}

Answer<std::vector<Pid>> Landscape::holders_of(const std::vector<uint32_t>& inodes) const {
  if (!facts_.holders) return tl::unexpected(facts_.holders.error());
  std::set<Pid> pids;
  for (const auto inode : inodes) {
    const auto rows = facts_.holders->of(inode);
    if (rows.empty() && facts_.holders->may_miss_holders()) return tl::unexpected(Missing::Denied);
    for (const auto& h : rows) pids.insert(h.pid);
  }
  return std::vector<Pid>(pids.begin(), pids.end());
}

Legs Landscape::other_legs_of(const std::vector<Pid>& holders, uint16_t served) const {
  Legs legs;
  for (const auto& h : facts_.holders->rows) {
    if (!std::binary_search(holders.begin(), holders.end(), h.pid)) continue;
    const auto it = std::lower_bound(inodes_.begin(), inodes_.end(), std::pair{h.inode, Index{0}});
    if (it == inodes_.end() || it->first != h.inode) {
      ++legs.other_sockets;  // UNIX, UDP, a TCP socket that is in no table
      continue;
    }
    const auto& c = row(it->second);
    if (c.state == State::Listen || c.state == State::CloseWait || c.local.port == served) continue;
    ++legs.connections;
  }
  return legs;
}

}  // namespace whywait
