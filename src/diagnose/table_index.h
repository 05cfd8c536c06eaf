// Joins over the socket table, made once for the rows that are judged: their listeners, whether others share
// their port, and what became of their other end. A host without such rows costs nothing.
#pragma once

#include "core/row_index.h"
#include "diagnose/interned.h"
#include "rules/case.h"

#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace whywait {

// Nobody far away can choose addresses whose hashes with this seed collide.
uint64_t seed_of(const Facts& facts);

class TableIndex {
 public:
  using Index = uint32_t;  // index in Facts::table.connections

  // Indexes the table as it is; rows that are added later are not seen.
  explicit TableIndex(const Facts& facts);

  // A number for the set of listeners that accept connections like this one. As in inet_lookup_listener(),
  // the more specific binding wins.
  uint32_t listeners_of(const Connection& c);
  static constexpr uint32_t kNobody = 0;
  const std::vector<Index>& listeners(uint32_t number) const { return listener_sets_.at(number); }

  bool is_listened_on(Netns netns, uint16_t port) const { return !listening(netns, port).empty(); }
  // True if more than one connection has this local port.
  bool is_shared(Netns netns, uint16_t local_port);

  uint64_t hash_of(const Endpoint& end, uint64_t more) const { return whywait::hash_of(end, seed_ ^ more); }

  // A number for the set of this one listener.
  uint32_t only(Index listener) { return listener_sets_.number_of({listener}); }

  // Sets Member::peer, and returns the row of the other end, or kNoRow, for each member.
  std::vector<Index> find_peers(std::span<Member> members) const;

 private:
  struct Listening {
    Netns netns{0};
    uint16_t port = 0;
    Index index = 0;
    auto operator<=>(const Listening&) const = default;
  };
  struct Bound {
    const Connection* row = nullptr;  // a row with this local end
    uint32_t listeners = kNobody;
  };
  using PortSet = std::bitset<65536>;
  struct Ports {
    PortSet once;
    PortSet again;
  };
  using Doubles = std::vector<std::pair<uint32_t, uint32_t>>;

  const Connection& row(Index i) const { return facts_.table.connections[i]; }
  std::span<const Listening> listening(Netns netns, uint16_t port) const;
  uint32_t find_listeners_of(const Connection& c);
  std::vector<Index> find_listeners(const Connection& c, std::span<const Listening> candidates) const;
  uint64_t hash_of_end(Netns netns, const Endpoint& end) const;
  uint64_t hash_of_ends(const Endpoint& local, const Endpoint& remote) const;
  RowIndex index_by_ends(std::span<const Member> members, Doubles& doubles) const;
  std::vector<Index> find_mirrors(std::span<const Member> members) const;
  std::optional<size_t> closeness(const Connection& c, const Connection& mirror) const;
  void find_translated(std::span<Member> members, std::span<const uint32_t> alone) const;

  const Facts& facts_;
  uint64_t seed_;
  std::vector<Listening> listening_;
  Interned<Index> listener_sets_;
  RowIndex bound_index_;
  std::vector<Bound> bound_;
  Bound last_bound_;
  std::optional<std::map<Netns, std::unique_ptr<Ports>>> ports_;
};

}  // namespace whywait
