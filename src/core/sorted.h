// What sorted vectors are used for instead of sets: they are smaller, and quicker to go through.
#pragma once

#include <algorithm>
#include <vector>

namespace whywait {

// Each item once, in order.
template <class T>
void sort_once(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace whywait
