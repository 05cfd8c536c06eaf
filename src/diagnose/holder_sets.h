// Joins the sockets that are judged with the descriptors of all processes, once.
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
  // Facts::holders must be known.
  explicit HolderSets(const Facts& facts);

  // A number for the set of processes that hold any of these sockets; Denied if some holder may be invisible.
  Answer<uint32_t> holders_of(std::span<const uint32_t> inodes);
  // The same for one connection in CLOSE_WAIT, which from then on does not count as another leg.
  Answer<uint32_t> holders_of_close_wait(uint32_t inode);
  // A number for the set of processes that accept from these listeners.
  Answer<uint32_t> acceptors_of(std::span<const uint32_t> inodes);
  const std::vector<Pid>& pids(uint32_t number) const { return sets_.at(number); }  // sorted

  // Sets Case::other_legs of every case whose holders are known.
  void find_other_legs(std::span<Case> cases) const;

 private:
  uint32_t number_of(Pid pid);

  const Facts& facts_;
  const std::vector<Holder>& rows_;
  HolderIndex index_;
  std::vector<bool> no_leg_;  // by row
  Interned<Pid> sets_;
  std::vector<Pid> scratch_;
  // A cache of the numbers of single processes, because nearly all sockets have one holder.
  static constexpr size_t kRecent = 64;
  std::array<std::pair<Pid, uint32_t>, kRecent> recent_{};
};

}  // namespace whywait
