#include "diagnose/cases.h"

#include "diagnose/landscape.h"
#include "rules/rule.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace whywait {
namespace {

using Index = Landscape::Index;

bool has_rules(State state) {
  const auto rules = all_rules();
  return std::any_of(rules.begin(), rules.end(), [&](const Rule& r) { return r.state == state; });
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

// Ports from here on are handed out by connect() on every system (RFC 6335 section 6; Linux begins here).
constexpr uint16_t kEphemeralFrom = 32768;

Place place_of(const Landscape& land, const Connection& c) {
  const Endpoint port{.address = {}, .port = c.local.port};
  auto listeners = land.listeners_of(c);
  if (!listeners.empty()) return {Side::Server, port, std::move(listeners)};
  const bool listened_there = c.remote.address.is_loopback() && land.is_listened_on(c.netns, c.remote.port);
  if (listened_there || (c.local.port >= kEphemeralFrom && c.remote.port < kEphemeralFrom)) {
    return {Side::Client, c.remote, {}};
  }
  // One local port towards many ephemeral ones: a server that has closed its listener.
  if (c.remote.port >= kEphemeralFrom && land.is_shared(c.netns, c.local.port))
    return {Side::Server, port, {}};
  return {Side::Unknown, c.remote, {}};
}

class Sorter {
 public:
  Sorter(const Facts& facts, const Landscape& land) : facts_(facts), land_(land) {}

  void add(Index index) {
    const auto& c = facts_.table.connections[index];
    const auto again = land_.again(c);
    Member member{.index = index, .peer = land_.peer_of(c), .again = again, .age = age_of(facts_, c, again)};
    member.sent_since_fin = surely_sent_since(facts_.table.info(c), member.age);
    auto place = place_of(land_, c);
    const auto accepted = c.inode() ? std::optional(*c.inode() != 0) : std::nullopt;
    if (accepted == false) keep_waiting_queues(place);
    auto holders = holders_of(c, place);
    // One connection that is still being answered must not speak for a thousand that are not.
    const bool answered = member.peer == PeerEnd::Open || member.sent_since_fin;
    auto& found = cases_[Key{c.state, c.netns, place.side, place.service, fin_of(c), accepted, answered,
                             holders.value_or(std::vector<Pid>{}), bool(holders)}];
    if (found.members.empty()) found = new_case(c, std::move(place), accepted, std::move(holders));
    found.members.push_back(member);
  }

  std::vector<Case> take() {
    std::vector<Case> out;
    for (auto& [key, c] : cases_) out.push_back(std::move(c));
    return out;
  }

 private:
  using Key =
      std::tuple<State, Netns, Side, Endpoint, Fin, std::optional<bool>, bool, std::vector<Pid>, bool>;

  Case new_case(const Connection& c, Place place, std::optional<bool> accepted,
                Answer<std::vector<Pid>> holders) const {
    Case out{.state = c.state,
             .netns = c.netns,
             .side = place.side,
             .fin = fin_of(c),
             .service = place.service,
             .accepted = accepted,
             .listeners = std::move(place.listeners),
             .holders = std::move(holders)};
    if (out.holders) out.other_legs = land_.other_legs_of(*out.holders, c.local.port);
    return out;
  }

  // With SO_REUSEPORT, only a socket in whose queue something waits can be the one.
  void keep_waiting_queues(Place& place) const {
    const auto queued = [&](Index i) { return facts_.table.connections[i].recv_q().value_or(1) > 0; };
    if (std::any_of(place.listeners.begin(), place.listeners.end(), queued)) {
      std::erase_if(place.listeners, [&](Index i) { return !queued(i); });
    }
  }

  // Of a connection that was never accepted: who holds the listeners.
  Answer<std::vector<Pid>> holders_of(const Connection& c, const Place& place) const {
    if (!c.inode()) return tl::unexpected(Missing::NotOffered);
    if (*c.inode() != 0) return land_.holders_of({*c.inode()});
    std::vector<uint32_t> inodes;
    for (const auto i : place.listeners) {
      const auto& listener = facts_.table.connections[i];
      // Which of several queues it is in cannot be told.
      if (place.listeners.size() > 1 && !listener.recv_q()) return tl::unexpected(Missing::NotOffered);
      if (const auto inode = listener.inode()) inodes.push_back(*inode);
    }
    auto holders = land_.holders_of(inodes);
    // The first process keeps listeners for others (socket activation) and accepts from none of them.
    if (holders && holders->size() > 1) std::erase(*holders, Pid{1});
    return holders;
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
