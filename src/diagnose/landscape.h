// The joins over the socket table, made once: listeners by port, rows by 4-tuple, by inode, and by identity
// in the second look.
#pragma once

#include "rules/case.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace whywait {

class Landscape {
 public:
  using Index = uint32_t;  // in Facts::table.connections

  explicit Landscape(const Facts& facts);

  // The sockets that take connections like this one; the more specific binding wins (inet_lookup_listener).
  std::vector<Index> listeners_of(const Connection& c) const;
  bool is_listened_on(Netns netns, uint16_t port) const { return listeners_.contains({netns, port}); }
  // More than one connection has this local port.
  bool is_shared(Netns netns, uint16_t local_port) const;
  PeerEnd peer_of(const Connection& c) const;
  Answer<Again> again(const Connection& c) const;
  // Of all these sockets together, sorted.
  Answer<std::vector<Pid>> holders_of(const std::vector<uint32_t>& inodes) const;
  // Of these processes; `served` is the local port of the connections that are judged.
  Legs other_legs_of(const std::vector<Pid>& holders, uint16_t served) const;

 private:
  struct ByTuple {
    Netns netns;
    Endpoint local;
    Endpoint remote;
    Index index;
    auto operator<=>(const ByTuple&) const = default;
  };

  static std::vector<ByTuple> by_tuple(const SocketTable& table);
  const Connection& row(Index i) const { return facts_.table.connections[i]; }
  const Connection* mirror_of(const Connection& c) const;
  bool is_unmoved(const Connection& before, const Connection& now) const;

  const Facts& facts_;
  std::map<std::pair<Netns, uint16_t>, std::vector<Index>> listeners_;
  std::map<std::pair<Netns, uint16_t>, uint32_t> local_ports_;
  std::vector<ByTuple> tuples_;
  std::vector<ByTuple> tuples_again_;
  std::vector<std::pair<uint32_t, Index>> inodes_;
};

}  // namespace whywait
