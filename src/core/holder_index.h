// Finds the holders of a socket quickly, for very many sockets.
#pragma once

#include "core/facts.h"

#include <cstdint>
#include <span>
#include <vector>

namespace whywait {

// Does what HolderTable::of() does, in a few steps whatever the size of the table. The kernel hands out
// inodes in sequence, so the leading bits of an inode give nearly the position of its rows. The table must
// outlive the index and must not change.
class HolderIndex {
 public:
  HolderIndex() = default;  // no socket has a holder
  explicit HolderIndex(const HolderTable& table);

  std::span<const Holder> of(uint32_t inode) const;
  std::span<const Holder> of(const Connection& c) const { return of(c.inode().value_or(0)); }

  // Prefetch the memory that of() will read. Call prefetch_start() first and prefetch_rows() a moment later.
  void prefetch_start(uint32_t inode) const;
  void prefetch_rows(uint32_t inode) const;

 private:
  size_t run_of(uint32_t inode) const { return (inode - first_) >> shift_; }
  bool has_run(uint32_t inode) const {
    return inode != 0 && inode >= first_ && run_of(inode) + 1 < starts_.size();
  }

  std::span<const Holder> rows_;
  // The first row of each run of inodes with the same leading bits, then the end.
  std::vector<uint32_t> starts_;
  uint32_t first_ = 0;
  uint32_t shift_ = 0;
};

// An empty index if the holders are unknown.
HolderIndex index_of(const Answer<HolderTable>& holders);

}  // namespace whywait
