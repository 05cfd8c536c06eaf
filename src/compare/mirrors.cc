#include "compare/mirrors.h"

#include "compare/coincidence.h"
#include "compare/relation.h"
#include "rules/case.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace whywait {
namespace {

// Connections by their two ports: how many have these, and one of them.
class PortPairs {
 public:
  explicit PortPairs(const Facts& facts) : table_(facts.table.connections), index_(table_.size()) {
    uint32_t row = 0;
    for (const auto& c : table_) {
      const auto now = row++;
      if (!may_lead_elsewhere(c)) continue;
      const auto n = find(c.local.port, c.remote.port);
      if (n) {
        pairs_[*n].is_shared = true;
        continue;
      }
      index_.add(hash(c.local.port, c.remote.port), static_cast<uint32_t>(pairs_.size()));
      pairs_.push_back({.row = now});
    }
  }

  // The only one with these ports, or kNoRow.
  uint32_t only(uint16_t local, uint16_t remote) const {
    const auto n = find(local, remote);
    return n && !pairs_[*n].is_shared ? pairs_[*n].row : kNoRow;
  }

 private:
  struct Pair {
    uint32_t row = 0;
    bool is_shared = false;
  };

  static uint64_t hash(uint16_t local, uint16_t remote) { return mixed(0, uint64_t{local} << 16U | remote); }
  std::optional<uint32_t> find(uint16_t local, uint16_t remote) const {
    return index_.find(hash(local, remote), [&](uint32_t n) {
      const auto& c = table_[pairs_[n].row];
      return c.local.port == local && c.remote.port == remote;
    });
  }

  const Pages<Connection>& table_;
  RowIndex index_;
  std::vector<Pair> pairs_;
};

using AddressPair = std::pair<Address, Address>;  // local, remote
AddressPair addresses_of(const Connection& c) { return {c.local.address, c.remote.address}; }

// How many connections there are between each of these pairs of addresses.
void count(const Facts& facts, std::map<AddressPair, uint32_t>& wanted) {
  for (const auto& c : facts.table.connections) {
    if (!may_lead_elsewhere(c)) continue;
    const auto it = wanted.find(addresses_of(c));
    if (it != wanted.end()) ++it->second;
  }
}

}  // namespace

Mirrors::Mirrors(const Facts& facts, bool (*is_one)(const Connection&)) : table_(facts.table.connections) {
  uint32_t row = 0;
  for (const auto& c : table_) {
    const auto now = row++;
    if (is_one(c) && with_ends(c.local, c.remote) == kNoRow)
      index_.add(hash_of_ends(c.local, c.remote, 0), now);
  }
}

uint32_t Mirrors::with_ends(const Endpoint& local, const Endpoint& remote) const {
  return index_
      .find(hash_of_ends(local, remote, 0),
            [&](uint32_t r) { return table_[r].local == local && table_[r].remote == remote; })
      .value_or(kNoRow);
}

std::vector<Translated> find_translated(const Facts& first, const Facts& second) {
  const PortPairs here(first);
  const PortPairs there(second);
  std::vector<Translated> found;
  std::map<AddressPair, uint32_t> ours;
  std::map<AddressPair, uint32_t> theirs;
  std::map<std::pair<AddressPair, AddressPair>, uint64_t> between;
  uint32_t row = 0;
  for (const auto& c : first.table.connections) {
    const auto now = row++;
    // Equal ports are fixed by the service, and say nothing.
    if (!may_lead_elsewhere(c) || c.local.port == c.remote.port) continue;
    if (here.only(c.local.port, c.remote.port) != now) continue;
    const auto mirror = there.only(c.remote.port, c.local.port);
    if (mirror == kNoRow) continue;
    const auto mine = addresses_of(c);
    const auto other = addresses_of(second.table.connections[mirror]);
    ours[mine] = theirs[other] = 0;
    ++between[{mine, other}];
    found.push_back({now, mirror});
  }
  count(first, ours);
  count(second, theirs);
  const auto is_accident = [&](const Translated& t) {
    const auto mine = addresses_of(first.table.connections[t.row]);
    const auto other = addresses_of(second.table.connections[t.mirror]);
    constexpr uint64_t kFew = 3;
    const uint64_t n = between.at({mine, other});
    const auto a = ours.at(mine);
    const auto b = theirs.at(other);
    return n < kFew || 2 * n < std::min(a, b) || !is_no_accident(n, double(a) * double(b) / kTodaysPorts);
  };
  std::erase_if(found, is_accident);
  return found;
}

}  // namespace whywait
