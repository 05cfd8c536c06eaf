#include "core/holder_index.h"

#include <algorithm>

namespace whywait {

HolderIndex::HolderIndex(const HolderTable& table) : rows_(table.rows) {
  if (rows_.empty()) return;
  first_ = rows_.front().inode;
  const uint32_t range = rows_.back().inode - first_;
  while ((range >> shift_) > rows_.size()) ++shift_;
  starts_.reserve((range >> shift_) + 2);
  for (uint32_t i = 0; i < rows_.size(); ++i) {
    const auto run = (rows_[i].inode - first_) >> shift_;
    while (starts_.size() <= run) starts_.push_back(i);
  }
  starts_.push_back(static_cast<uint32_t>(rows_.size()));
}

std::span<const Holder> HolderIndex::of(uint32_t inode) const {
  if (!has_run(inode)) return {};
  const auto run = run_of(inode);
  const auto candidates = rows_.subspan(starts_[run], starts_[run + 1] - starts_[run]);
  const auto from = std::partition_point(candidates.begin(), candidates.end(),
                                         [&](const Holder& h) { return h.inode < inode; });
  const auto to = std::find_if(from, candidates.end(), [&](const Holder& h) { return h.inode != inode; });
  return {from, to};
}

void HolderIndex::prefetch_start(uint32_t inode) const {
  if (has_run(inode)) __builtin_prefetch(&starts_[run_of(inode)]);
}

void HolderIndex::prefetch_rows(uint32_t inode) const {
  if (!has_run(inode)) return;
  const auto start = starts_[run_of(inode)];
  if (start < rows_.size()) __builtin_prefetch(&rows_[start]);
}

HolderIndex index_of(const Answer<HolderTable>& holders) {
  return holders ? HolderIndex(*holders) : HolderIndex();
}

}  // namespace whywait
