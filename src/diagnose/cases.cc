#include "diagnose/cases.h"

#include "rules/rule.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace whywait {
namespace {

using Index = uint32_t;

bool has_rules(State state) {
  const auto rules = all_rules();
  return std::any_of(rules.begin(), rules.end(), [&](const Rule& r) { return r.state == state; });
}

// What is not given cannot be said to differ.
template <class T>
bool differ(const std::optional<T>& a, const std::optional<T>& b) {
  return a && b && *a != *b;
}

// The joins over the socket table, made once: listeners by port, rows by 4-tuple, by inode, and by identity
// in the second look.
class Landscape {
 public:
  explicit Landscape(const Facts& facts);

  std::vector<Index> listeners_of(const Connection& c) const;
  bool is_listened_on(Netns netns, uint16_t port) const;
  PeerEnd peer_of(const Connection& c) const;
  Answer<Again> again(const Connection& c) const;
  Answer<std::vector<Pid>> holders_of(const std::vector<uint32_t>& inodes) const;
  uint32_t other_legs_of(const std::vector<Pid>& holders) const;

 private:
  struct ByTuple {
    Endpoint local;
    Endpoint remote;
    Index index;
    auto operator<=>(const ByTuple&) const = default;
  };

  const Connection& row(Index i) const { return facts_.table.connections[i]; }
  const Connection* mirror_of(const Connection& c) const;
  bool leads_elsewhere(uint32_t inode) const;
  bool is_unmoved(const Connection& before, const Connection& now) const;

  const Facts& facts_;
  std::map<std::pair<Netns, uint16_t>, std::vector<Index>> listeners_;
  std::vector<ByTuple> tuples_;
  std::vector<std::pair<uint32_t, Index>> inodes_;
  std::vector<std::pair<uint64_t, Index>> cookies_again_;
};

Landscape::Landscape(const Facts& facts) : facts_(facts) {
  const auto& rows = facts.table.connections;
  for (Index i = 0; i < rows.size(); ++i) {
    if (rows[i].state == State::Listen) {
      listeners_[{rows[i].netns, rows[i].local.port}].push_back(i);
    } else {
      tuples_.push_back({rows[i].local, rows[i].remote, i});
    }
    if (const auto inode = rows[i].inode(); inode.value_or(0) != 0) inodes_.emplace_back(*inode, i);
  }
  std::sort(tuples_.begin(), tuples_.end());
  std::sort(inodes_.begin(), inodes_.end());
  if (!facts.second) return;
  const auto& again = facts.second->table.connections;
  for (Index i = 0; i < again.size(); ++i) {
    if (const auto cookie = again[i].cookie()) cookies_again_.emplace_back(*cookie, i);
  }
  std::sort(cookies_again_.begin(), cookies_again_.end());
}

std::vector<Index> Landscape::listeners_of(const Connection& c) const {
  const auto it = listeners_.find({c.netns, c.local.port});
  if (it == listeners_.end()) return {};
  std::vector<Index> exact;
  std::vector<Index> wildcard;
  for (const auto i : it->second) {
    const auto& bound = row(i).local.address;
    if (bound == c.local.address) exact.push_back(i);
    // :: takes IPv4 as well, unless IPV6_V6ONLY, which only its twin on 0.0.0.0 makes likely.
    if (bound.is_unspecified() && (bound.is_v4() == c.local.address.is_v4() || !bound.is_v4()))
      wildcard.push_back(i);
  }
  return exact.empty() ? wildcard : exact;  // inet_lookup_listener: the more specific binding wins
}

bool Landscape::is_listened_on(Netns netns, uint16_t port) const {
  return listeners_.contains({netns, port});
}

const Connection* Landscape::mirror_of(const Connection& c) const {
  const ByTuple wanted{c.remote, c.local, 0};
  auto it = std::lower_bound(tuples_.begin(), tuples_.end(), wanted);
  const Connection* found = nullptr;
  for (; it != tuples_.end() && it->local == wanted.local && it->remote == wanted.remote; ++it) {
    const auto& candidate = row(it->index);
    if (candidate.netns == c.netns) return &candidate;
    if (!c.remote.address.is_loopback()) found = &candidate;
  }
  return found;
}

PeerEnd Landscape::peer_of(const Connection& c) const {
  if (const auto* mirror = mirror_of(c)) {
    if (!mirror->inode()) return PeerEnd::Unseen;
    return *mirror->inode() == 0 ? PeerEnd::Closed : PeerEnd::Open;
  }
  // Both ends must be in this namespace, and one is not: it is gone.
  const bool stays_here = c.remote.address.is_loopback() || c.remote.address == c.local.address;
  return stays_here && facts_.is_whole(c.netns) ? PeerEnd::Closed : PeerEnd::Unseen;
}

bool Landscape::is_unmoved(const Connection& before, const Connection& now) const {
  if (now.state != before.state || differ(now.recv_q(), before.recv_q())) return false;
  if (differ(now.inode(), before.inode())) return false;  // accepted in between
  const auto* was = facts_.table.info(before);
  const auto* is = facts_.second->table.info(now);
  return was == nullptr || is == nullptr || was->bytes_sent == is->bytes_sent;
}

Answer<Again> Landscape::again(const Connection& c) const {
  if (!facts_.second) return tl::unexpected(facts_.second.error());
  const auto& rows = facts_.second->table.connections;
  if (const auto cookie = c.cookie()) {
    const auto it =
        std::lower_bound(cookies_again_.begin(), cookies_again_.end(), std::pair{*cookie, Index{0}});
    if (it == cookies_again_.end() || it->first != *cookie) return Again::Moved;
    return is_unmoved(c, rows[it->second]) ? Again::Same : Again::Moved;
  }
  // Without a cookie, the 4-tuple has to do: nothing tells a connection from its successor.
  const auto it = std::find_if(rows.begin(), rows.end(), [&](const Connection& r) {
    return r.netns == c.netns && r.local == c.local && r.remote == c.remote;
  });
  return it != rows.end() && is_unmoved(c, *it) ? Again::Same : Again::Moved;
}

Answer<std::vector<Pid>> Landscape::holders_of(const std::vector<uint32_t>& inodes) const {
  if (!facts_.holders) return tl::unexpected(facts_.holders.error());
  std::set<Pid> pids;
  for (const auto inode : inodes) {
    const auto rows = facts_.holders->of(inode);
    if (rows.empty() && facts_.holders->unreadable > 0) return tl::unexpected(Missing::Denied);
    for (const auto& h : rows) pids.insert(h.pid);
  }
  return std::vector<Pid>(pids.begin(), pids.end());
}

bool Landscape::leads_elsewhere(uint32_t inode) const {
  const auto it = std::lower_bound(inodes_.begin(), inodes_.end(), std::pair{inode, Index{0}});
  if (it == inodes_.end() || it->first != inode) return true;  // UNIX, UDP, a TCP socket that is in no table
  const auto& c = row(it->second);
  return c.state != State::Listen && c.state != State::CloseWait && !is_listened_on(c.netns, c.local.port);
}

uint32_t Landscape::other_legs_of(const std::vector<Pid>& holders) const {
  const auto& rows = facts_.holders->rows;
  return static_cast<uint32_t>(std::count_if(rows.begin(), rows.end(), [&](const Holder& h) {
    return std::binary_search(holders.begin(), holders.end(), h.pid) && leads_elsewhere(h.inode);
  }));
}

Fin fin_of(const Connection& c) {
  if (c.state != State::CloseWait || !c.recv_q()) return Fin::Unknown;
  return *c.recv_q() == 0 ? Fin::Consumed : Fin::Unread;
}

// A lower bound that only the kernel's clocks gave is raised to the time between the looks.
Answer<Age> age_of(const Facts& facts, const Connection& c, const Answer<Again>& again) {
  auto age = age_in_state(c, facts.table.info(c), facts.uptime);
  if (!again || *again != Again::Same) return age;
  if (!age) age = Age{};
  age->at_least = std::max(age->at_least, facts.second->after);
  if (age->at_most) *age->at_most = std::max(*age->at_most, age->at_least);
  return age;
}

bool surely_sent_since(const TcpInfo* info, const Answer<Age>& age) {
  return info != nullptr && age && info->bytes_sent > 0 &&
         Milliseconds(info->last_data_sent_ms) < age->at_least;
}

struct Place {
  Side side;
  Endpoint service;
  std::vector<Index> listeners;
};

// Ports above this are handed out by connect() on every system (RFC 6335 section 6; Linux begins lower).
constexpr uint16_t kEphemeralFrom = 32768;

Place place_of(const Landscape& land, const Connection& c) {
  auto listeners = land.listeners_of(c);
  if (!listeners.empty()) return {Side::Server, {.address = {}, .port = c.local.port}, std::move(listeners)};
  const bool here = c.remote.address.is_loopback() && land.is_listened_on(c.netns, c.remote.port);
  const bool client = here || (c.local.port >= kEphemeralFrom && c.remote.port < kEphemeralFrom);
  return {client ? Side::Client : Side::Unknown, c.remote, {}};
}

class Sorter {
 public:
  Sorter(const Facts& facts, const Landscape& land) : facts_(facts), land_(land) {}

  void add(Index index) {
    const auto& c = facts_.table.connections[index];
    auto place = place_of(land_, c);
    auto holders = holders_of(c, place);
    const auto fin = fin_of(c);
    const auto accepted = c.inode() ? std::optional(*c.inode() != 0) : std::nullopt;
    auto& found = cases_[Key{c.state, c.netns, place.side, place.service, fin, accepted,
                             holders.value_or(std::vector<Pid>{}), bool(holders)}];
    if (found.members.empty()) {
      found = {.state = c.state,
               .netns = c.netns,
               .side = place.side,
               .fin = fin,
               .service = place.service,
               .accepted = accepted,
               .members = {},
               .listeners = std::move(place.listeners),
               .holders = std::move(holders),
               .holders_each = 0,
               .other_legs = tl::unexpected(Missing::NotAsked)};
      if (found.holders) found.other_legs = land_.other_legs_of(*found.holders);
    }
    if (found.holders) found.holders_each = static_cast<uint32_t>(found.holders->size());
    const auto again = land_.again(c);
    auto age = age_of(facts_, c, again);
    const bool sent = surely_sent_since(facts_.table.info(c), age);
    found.members.push_back(
        {.index = index, .peer = land_.peer_of(c), .again = again, .age = age, .sent_since_fin = sent});
  }

  std::vector<Case> take() {
    std::vector<Case> out;
    for (auto& [key, c] : cases_) out.push_back(std::move(c));
    return out;
  }

 private:
  using Key = std::tuple<State, Netns, Side, Endpoint, Fin, std::optional<bool>, std::vector<Pid>, bool>;

  Answer<std::vector<Pid>> holders_of(const Connection& c, const Place& place) const {
    if (!c.inode()) return tl::unexpected(Missing::NotOffered);
    if (*c.inode() != 0) return land_.holders_of({*c.inode()});
    std::vector<uint32_t> inodes;
    for (const auto i : place.listeners) {
      if (const auto inode = facts_.table.connections[i].inode()) inodes.push_back(*inode);
    }
    return land_.holders_of(inodes);
  }

  const Facts& facts_;
  const Landscape& land_;
  std::map<Key, Case> cases_;
};

}  // namespace

std::vector<Case> make_cases(const Facts& facts) {
  const auto& rows = facts.table.connections;
  if (std::none_of(rows.begin(), rows.end(), [](const Connection& c) { return has_rules(c.state); }))
    return {};
  const Landscape land(facts);
  Sorter sorter(facts, land);
  for (Index i = 0; i < rows.size(); ++i) {
    if (has_rules(rows[i].state)) sorter.add(i);
  }
  return sorter.take();
}

}  // namespace whywait
