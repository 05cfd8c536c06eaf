#include "diagnose/holder_sets.h"

#include "core/sorted.h"

#include <algorithm>
#include <bitset>
#include <map>
#include <optional>
#include <utility>

namespace whywait {
namespace {

// The sockets of each process, except its listeners and connections in CLOSE_WAIT.
class LegCounter {
 public:
  explicit LegCounter(std::span<const Case> cases, const SocketTable& table) {
    for (const auto& c : cases) {
      if (!c.holders) continue;
      pids_.insert(pids_.end(), c.holders->begin(), c.holders->end());
      ports_.set(served(c, table));
      // Many cases have the same holders, so duplicates are removed early to save memory.
      if (pids_.size() > 2 * unique_ + 64) compact();
    }
    compact();
    legs_.resize(pids_.size());
  }

  static uint16_t served(const Case& c, const SocketTable& table) {
    return table.connections[c.members.front().index].local.port;
  }

  void add(const Holder& h) {
    if (const auto n = number(h.pid)) ++legs_[*n].other_sockets;
  }

  // The descriptor, which was added, is of this connection.
  void recognise(const Holder& h, const Connection& c) {
    const auto n = number(h.pid);
    if (!n) return;
    --legs_[*n].other_sockets;
    if (c.state == State::Listen) return;
    const bool half_closed = c.state == State::FinWait1 || c.state == State::FinWait2;
    for (auto* legs : {&legs_[*n], ports_[c.local.port] ? &at_port_[{*n, c.local.port}] : nullptr}) {
      if (legs == nullptr) continue;
      ++legs->connections;
      if (half_closed) ++legs->half_closed;
    }
  }

  Legs of(const std::vector<Pid>& holders, uint16_t served) const {
    Legs sum;
    for (const auto pid : holders) {
      const auto n = number(pid);
      if (!n) continue;
      const auto it = at_port_.find({*n, served});
      const auto own = it == at_port_.end() ? Legs{} : it->second;
      sum.connections += legs_[*n].connections - own.connections;
      sum.half_closed += legs_[*n].half_closed - own.half_closed;
      sum.other_sockets += legs_[*n].other_sockets;
    }
    return sum;
  }

 private:
  void compact() {
    sort_once(pids_);
    unique_ = pids_.size();
  }

  std::optional<uint32_t> number(Pid pid) const {
    const auto it = std::lower_bound(pids_.begin(), pids_.end(), pid);
    if (it == pids_.end() || *it != pid) return std::nullopt;
    return static_cast<uint32_t>(it - pids_.begin());
  }

  std::vector<Pid> pids_;  // sorted
  size_t unique_ = 0;
  std::bitset<65536> ports_;  // those of the cases: connections there are no legs of theirs
  std::vector<Legs> legs_;
  std::map<std::pair<uint32_t, uint16_t>, Legs> at_port_;
};

}  // namespace

HolderSets::HolderSets(const Facts& facts)
    : facts_(facts),
      rows_(facts.holders->rows),
      index_(*facts.holders),
      no_leg_(facts.holders->rows.size()) {}

Answer<uint32_t> HolderSets::holders_of(std::span<const uint32_t> inodes) {
  scratch_.clear();
  for (const auto inode : inodes) {
    const auto holders = index_.of(inode);
    if (holders.empty() && facts_.holders->may_miss_holders()) return tl::unexpected(Missing::Denied);
    for (const auto& h : holders) scratch_.push_back(h.pid);
  }
  if (scratch_.size() > 1) sort_once(scratch_);
  return sets_.number_of(scratch_);
}

uint32_t HolderSets::number_of(Pid pid) {
  auto& [recent, its_number] = recent_.at(static_cast<uint32_t>(number(pid)) % kRecent);
  if (recent != pid) {
    recent = pid;
    its_number = sets_.number_of({pid});
  }
  return its_number;
}

Answer<uint32_t> HolderSets::holders_of_close_wait(uint32_t inode) {
  const auto holders = index_.of(inode);
  for (const auto& h : holders) no_leg_[static_cast<size_t>(&h - rows_.data())] = true;
  return holders.size() == 1 ? number_of(holders.front().pid) : holders_of({&inode, 1});
}

Answer<uint32_t> HolderSets::acceptors_of(std::span<const uint32_t> inodes) {
  const auto holders = holders_of(inodes);
  if (!holders || pids(*holders).size() < 2) return holders;
  // The first process keeps listeners for others (socket activation) and accepts from none of them.
  auto others = pids(*holders);
  std::erase(others, Pid{1});
  return sets_.number_of(others);
}

// One walk over the descriptors and one over the table, for all cases together.
void HolderSets::find_other_legs(std::span<Case> cases) const {
  LegCounter counter(cases, facts_.table);
  auto recognised = no_leg_;
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (!no_leg_[i]) counter.add(rows_[i]);
  }
  for (const auto& c : facts_.table.connections) {
    if (c.state == State::CloseWait || c.inode().value_or(0) == 0) continue;
    for (const auto& h : index_.of(*c.inode())) {
      const auto at = static_cast<size_t>(&h - rows_.data());
      // A table that was read while it changed may have a row twice.
      if (!recognised[at]) counter.recognise(h, c);
      recognised[at] = true;
    }
  }
  for (auto& c : cases) {
    if (c.holders) c.other_legs = counter.of(*c.holders, LegCounter::served(c, facts_.table));
  }
}

}  // namespace whywait
