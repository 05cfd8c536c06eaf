// The joins over the descriptors of all processes, made once for the sockets that are judged.
#pragma once

#include "core/holder_index.h"
#include "diagnose/interned.h"
#include "rules/case.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace whywait {

class HolderSets {
 public:
  // Facts::holders is known.
  explicit HolderSets(const Facts& facts);

  // A number for the processes that hold any of these sockets; Denied where some of them may not be seen.
  Answer<uint32_t> holders_of(std::span<const uint32_t> inodes);
  // The same of one connection in CLOSE_WAIT, which is nobody's other leg from then on.
  Answer<uint32_t> holders_of_close_wait(uint32_t inode);
  // For those that accept from these listeners.
  Answer<uint32_t> acceptors_of(std::span<const uint32_t> inodes);
  const std::vector<Pid>& pids(uint32_t number) const { return sets_.at(number); }  // sorted

  // Fills in Case::other_legs of every case whose holders are known.
  void find_other_legs(std::span<Case> cases) const;

 private:
  uint32_t number_of(Pid pid);

  const Facts& facts_;
  const std::vector<Holder>& rows_;
  HolderIndex index_;
  std::vector<bool> no_leg_;  // by row
  Interned<Pid> sets_;
  std::vector<Pid> scratch_;
  // The numbers of single processes, each at a place that others share: nearly all sockets have one holder.
  static constexpr size_t kRecent = 64;
  std::array<std::pair<Pid, uint32_t>, kRecent> recent_{};
};

}  // namespace whywait
