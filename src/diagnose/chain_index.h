// The joins over rows, descriptors and waiters that wait chains need, made once for all chains over the same
// facts.
#pragma once

#include "core/facts.h"
#include "core/row_index.h"

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace whywait {

// Makes each join when a chain first needs it, so that a host without blocked threads pays nothing. The facts
// must outlive it and must not change.
class ChainIndex {
 public:
  explicit ChainIndex(const Facts& facts);

  const Facts& facts() const { return facts_; }

  // The first row with this inode; 0 matches none.
  std::optional<uint32_t> row_of(uint32_t inode);
  // The first row that is the other end of this one, on this host.
  std::optional<uint32_t> other_end_of(uint32_t row);
  // The listeners on the port, in the order of the table.
  std::vector<uint32_t> listeners_on(Netns netns, uint16_t port);
  // The first row of a process that the process has half-closed.
  std::optional<uint32_t> half_closed_by(Pid pid);
  // The rows on which a thread sleeps, in the order of SocketDetails::waiters.
  std::span<const Waiter> waits_of(Tid tid);

 private:
  struct Listening {
    Netns netns{0};
    uint16_t port = 0;
    uint32_t row = 0;
    auto operator<=>(const Listening&) const = default;
  };

  const Pages<Connection>& rows() const { return facts_.table.connections; }
  uint64_t hash_between(const Endpoint& local, const Endpoint& remote, Netns netns) const;
  RowIndex index_by_inode() const;
  RowIndex index_by_ends() const;
  std::vector<Listening> find_listening() const;
  std::unordered_map<Pid, uint32_t> find_half_closed() const;
  std::vector<Waiter> sort_waiters() const;

  const Facts& facts_;
  uint64_t seed_;
  std::optional<RowIndex> by_inode_;
  std::optional<RowIndex> by_ends_;
  std::optional<std::vector<Listening>> listening_;
  std::optional<std::unordered_map<Pid, uint32_t>> half_closed_;
  std::optional<std::vector<Waiter>> waiters_;  // sorted by thread
};

}  // namespace whywait
