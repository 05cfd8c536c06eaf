// Sorted vectors that serve as sets: they are smaller, and faster to iterate over.
#pragma once

#include <algorithm>
#include <vector>

namespace whywait {

// Sorts the items and removes duplicates.
template <class T>
void sort_once(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace whywait
