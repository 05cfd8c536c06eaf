#include "diagnose/table_index.h"

#include <algorithm>

namespace whywait {
namespace {

// Both ends are in one namespace whatever the routes are.
bool stays_on_this_host(const Connection& c) {
  return c.remote.address.is_loopback() || c.remote.address == c.local.address;
}

PeerEnd peer_of(const Connection& mirror) {
  if (!mirror.inode()) return PeerEnd::Unseen;
  return *mirror.inode() == 0 ? PeerEnd::Closed : PeerEnd::Open;
}

}  // namespace

uint64_t seed_of(const Facts& facts) {
  uint64_t seed = facts.boot_id.size();
  for (const char c : facts.boot_id) seed = mixed(seed, static_cast<unsigned char>(c));
  return seed;
}

TableIndex::TableIndex(const Facts& facts) : facts_(facts), seed_(seed_of(facts)) {
  Index i = 0;
  for (const auto& c : facts.table.connections) {
    if (c.state == State::Listen) listening_.push_back({c.netns, c.local.port, i});
    ++i;
  }
  std::sort(listening_.begin(), listening_.end());
}

std::span<const TableIndex::Listening> TableIndex::listening(Netns netns, uint16_t port) const {
  const auto before = [](const Listening& a, const Listening& b) {
    return std::pair(a.netns, a.port) < std::pair(b.netns, b.port);
  };
  const auto [from, to] =
      std::equal_range(listening_.begin(), listening_.end(), Listening{.netns = netns, .port = port}, before);
  return {from, to};
}

std::vector<TableIndex::Index> TableIndex::find_listeners(const Connection& c,
                                                          std::span<const Listening> candidates) const {
  std::vector<Index> exact;
  std::vector<Index> same_family;
  std::vector<Index> any;  // :: takes IPv4 as well, unless there is a listener of the family
  for (const auto& candidate : candidates) {
    const auto& bound = row(candidate.index).local.address;
    if (bound == c.local.address) exact.push_back(candidate.index);
    if (!bound.is_unspecified()) continue;
    if (bound.is_v4() == c.local.address.is_v4()) same_family.push_back(candidate.index);
    if (!bound.is_v4()) any.push_back(candidate.index);
  }
  if (!exact.empty()) return exact;
  return same_family.empty() ? any : same_family;
}

uint32_t TableIndex::listeners_of(const Connection& c) {
  // Neighbours in the table are mostly of one service.
  if (last_bound_.row == nullptr || last_bound_.row->netns != c.netns || last_bound_.row->local != c.local)
    last_bound_ = {&c, find_listeners_of(c)};
  return last_bound_.listeners;
}

uint32_t TableIndex::find_listeners_of(const Connection& c) {
  const auto candidates = listening(c.netns, c.local.port);
  if (candidates.empty()) return kNobody;
  const auto hash = hash_of_end(c.netns, c.local);
  const auto known = bound_index_.find(hash, [&](uint32_t n) {
    const auto& other = *bound_[n].row;
    return other.netns == c.netns && other.local == c.local;
  });
  if (known) return bound_[*known].listeners;
  const auto number = listener_sets_.number_of(find_listeners(c, candidates));
  bound_index_.add(hash, static_cast<uint32_t>(bound_.size()));
  bound_.push_back({&c, number});
  return number;
}

bool TableIndex::is_shared(Netns netns, uint16_t local_port) {
  if (local_port == 0) return false;  // not known
  if (!ports_) {
    ports_.emplace();
    for (const auto& c : facts_.table.connections) {
      if (c.state == State::Listen) continue;
      auto& ports = (*ports_)[c.netns];
      if (!ports) ports = std::make_unique<Ports>();
      if (ports->once[c.local.port]) ports->again.set(c.local.port);
      ports->once.set(c.local.port);
    }
  }
  const auto it = ports_->find(netns);
  return it != ports_->end() && it->second->again[local_port];
}

uint64_t TableIndex::hash_of_end(Netns netns, const Endpoint& end) const {
  return hash_of(end, mixed(0, static_cast<uint64_t>(netns)));
}

uint64_t TableIndex::hash_of_ends(const Endpoint& local, const Endpoint& remote) const {
  return whywait::hash_of_ends(local, remote, seed_);
}

// How near the namespace of a mirror is: the own one, else in the order in which they were read. Nothing
// where it cannot be the other end.
std::optional<size_t> TableIndex::closeness(const Connection& c, const Connection& mirror) const {
  if (mirror.netns == c.netns) return 0;
  if (c.remote.address.is_loopback()) return std::nullopt;
  const auto it = std::find(facts_.whole.begin(), facts_.whole.end(), mirror.netns);
  if (it == facts_.whole.end()) return std::nullopt;
  return 1 + static_cast<size_t>(it - facts_.whole.begin());
}

// By both ends, whatever the namespace. A table that was read while it changed has a row twice: such a member
// is put down in `doubles` with the one that is indexed.
RowIndex TableIndex::index_by_ends(std::span<const Member> members, Doubles& doubles) const {
  RowIndex index(members.size());
  for (uint32_t i = 0; i < members.size(); ++i) {
    const auto& c = row(members[i].index);
    const auto hash = hash_of_ends(c.local, c.remote);
    const auto same = index.find(hash, [&](uint32_t other) {
      const auto& o = row(members[other].index);
      return o.netns == c.netns && o.local == c.local && o.remote == c.remote;
    });
    if (same) {
      doubles.emplace_back(i, *same);
    } else {
      index.add(hash, i);
    }
  }
  return index;
}

// The row that is the other end of each, or kNoRow. What is judged is indexed and the table is walked, since
// a busy host has few of the one and many of the other; and only where the ports do not exclude it already.
std::vector<TableIndex::Index> TableIndex::find_mirrors(std::span<const Member> members) const {
  PortSet locals;
  PortSet remotes;
  for (const auto& m : members) {
    locals.set(row(m.index).local.port);
    remotes.set(row(m.index).remote.port);
  }
  std::vector<Index> mirrors(members.size(), kNoRow);
  std::optional<RowIndex> index;
  Doubles doubles;
  Index at = 0;
  for (const auto& mirror : facts_.table.connections) {
    const auto now = at++;
    if (mirror.state == State::Listen || !remotes[mirror.local.port] || !locals[mirror.remote.port]) continue;
    if (!index) index = index_by_ends(members, doubles);
    index->find(hash_of_ends(mirror.remote, mirror.local), [&](uint32_t i) {
      const auto& c = row(members[i].index);
      if (c.local != mirror.remote || c.remote != mirror.local) return false;
      const auto close = closeness(c, mirror);
      if (close && (mirrors[i] == kNoRow || *close < *closeness(c, row(mirrors[i])))) mirrors[i] = now;
      return false;  // the same ends in another namespace
    });
  }
  for (const auto& [i, same] : doubles) mirrors[i] = mirrors[same];
  return mirrors;
}

std::vector<TableIndex::Index> TableIndex::find_peers(std::span<Member> members) const {
  auto mirrors = find_mirrors(members);
  std::vector<uint32_t> alone;
  std::optional<std::pair<Netns, bool>> last;  // most are in one namespace
  for (uint32_t i = 0; i < members.size(); ++i) {
    if (mirrors[i] != kNoRow) {
      members[i].peer = peer_of(row(mirrors[i]));
      continue;
    }
    const auto& c = row(members[i].index);
    if (!stays_on_this_host(c)) continue;
    if (!last || last->first != c.netns) last = {c.netns, facts_.is_whole(c.netns)};
    if (last->second) alone.push_back(i);
  }
  if (!alone.empty()) find_translated(members, alone);
  return mirrors;
}

// Address translation on loopback: the other end is there, and believes to be connected to another port.
void TableIndex::find_translated(std::span<Member> members, std::span<const uint32_t> alone) const {
  PortSet ports;
  for (const auto i : alone) {
    ports.set(row(members[i].index).remote.port);
    members[i].peer = PeerEnd::Closed;
  }
  const auto is_possible = [&](const Connection& c) {
    return c.state != State::Listen && ports[c.local.port];
  };
  std::vector<const Connection*> ends;  // one of those that have this local end
  RowIndex index;
  const auto find = [&](uint64_t hash, Netns netns, const Endpoint& end) {
    return index.find(hash, [&](uint32_t n) { return ends[n]->netns == netns && ends[n]->local == end; });
  };
  for (const auto& c : facts_.table.connections) {
    if (!is_possible(c)) continue;
    const auto hash = hash_of_end(c.netns, c.local);
    if (find(hash, c.netns, c.local)) continue;
    index.add(hash, static_cast<uint32_t>(ends.size()));
    ends.push_back(&c);
  }
  if (ends.empty()) return;
  for (const auto i : alone) {
    const auto& c = row(members[i].index);
    if (find(hash_of_end(c.netns, c.remote), c.netns, c.remote)) members[i].peer = PeerEnd::Unseen;
  }
}

}  // namespace whywait
