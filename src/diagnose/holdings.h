// The joins over the descriptors of all processes, made once for the sockets that are judged.
#pragma once

#include "core/row_index.h"
#include "diagnose/interned.h"
#include "rules/case.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace whywait {

class Holdings {
 public:
  // Facts::holders is known.
  explicit Holdings(const Facts& facts);

  // A number for the processes that hold any of these sockets; Denied where some of them may not be seen.
  Answer<uint32_t> holders_of(std::span<const uint32_t> inodes);
  // For those that accept from these listeners.
  Answer<uint32_t> acceptors_of(std::span<const uint32_t> inodes);
  const std::vector<Pid>& pids(uint32_t number) const { return sets_.at(number); }  // sorted

  // Fills in Case::other_legs of every case whose holders are known.
  void find_other_legs(std::span<Case> cases) const;

 private:
  std::span<const Holder> of(uint32_t inode) const;

  const Facts& facts_;
  const std::vector<Holder>& rows_;
  RowIndex first_;  // of the rows of an inode
  Interned<Pid> sets_;
  std::vector<Pid> scratch_;
};

}  // namespace whywait
