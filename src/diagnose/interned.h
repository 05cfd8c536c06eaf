// Stores each different list once and gives it a number; 0 is the empty list. For few different lists.
#pragma once

#include "core/row_index.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace whywait {

template <class T>
class Interned {
 public:
  Interned() { number_of({}); }

  uint32_t number_of(const std::vector<T>& list) {
    uint64_t hash = list.size();
    for (const auto& item : list) hash = mixed(hash, static_cast<uint64_t>(item));
    if (const auto found = index_.find(hash, [&](uint32_t n) { return lists_[n] == list; })) return *found;
    const auto number = static_cast<uint32_t>(lists_.size());
    lists_.push_back(list);
    index_.add(hash, number);
    return number;
  }

  const std::vector<T>& at(uint32_t number) const { return lists_[number]; }

 private:
  std::deque<std::vector<T>> lists_;
  RowIndex index_;
};

}  // namespace whywait
