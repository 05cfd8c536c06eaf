// Who holds a socket, asked for very many sockets.
#pragma once

#include "core/facts.h"

#include <cstdint>
#include <span>
#include <vector>

namespace whywait {

// HolderTable::of() in a few steps whatever the size of the table. The kernel hands out inodes one after the
// other, so the leading bits of an inode tell nearly where its rows are. The table must outlive this, as it
// is.
class HolderIndex {
 public:
  HolderIndex() = default;  // nobody holds anything
  explicit HolderIndex(const HolderTable& table);

  std::span<const Holder> of(uint32_t inode) const;
  std::span<const Holder> of(const Connection& c) const { return of(c.inode().value_or(0)); }

  // Have the memory that of() will read on its way: first the one, a moment later the other.
  void prefetch_start(uint32_t inode) const;
  void prefetch_rows(uint32_t inode) const;

 private:
  size_t run_of(uint32_t inode) const { return (inode - first_) >> shift_; }
  bool has_run(uint32_t inode) const {
    return inode != 0 && inode >= first_ && run_of(inode) + 1 < starts_.size();
  }

  std::span<const Holder> rows_;
  std::vector<uint32_t> starts_;  // of each run of inodes with the same leading bits; then the end
  uint32_t first_ = 0;
  uint32_t shift_ = 0;
};

// Of nobody where no holders are known.
HolderIndex index_of(const Answer<HolderTable>& holders);

}  // namespace whywait
