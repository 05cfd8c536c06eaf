// Finds rows by the hash of a key that is stored elsewhere. A slot takes 8 bytes whatever the key. Open
// addressing with linear probing; each slot keeps part of the hash, which spares nearly every look at another
// row's key.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace whywait {

// Mixes one more word into a hash (the finaliser of splitmix64).
constexpr uint64_t mixed(uint64_t hash, uint64_t word) {
  uint64_t x = (hash ^ word) + 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30U) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27U) * 0x94d049bb133111eb;
  return x ^ x >> 31U;
}

class RowIndex {
 public:
  // Reserves room for this many rows; the index grows if there are more.
  explicit RowIndex(size_t rows = 0) : slots_(std::bit_ceil(std::max<size_t>(rows + rows / 3 + 1, 8))) {}

  // The row that was added with this hash and for which `is_it(row)` is true.
  template <class Is>
  std::optional<uint32_t> find(uint64_t hash, Is&& is_it) const {
    const auto tag = tag_of(hash);
    for (size_t at = tag & mask(); slots_[at].tag != kFree; at = (at + 1) & mask()) {
      if (slots_[at].tag == tag && is_it(slots_[at].row)) return slots_[at].row;
    }
    return std::nullopt;
  }

  // The key must not be in the index yet: many rows with one key would make look-ups slow.
  void add(uint64_t hash, uint32_t row) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    place({.tag = tag_of(hash), .row = row});
    ++size_;
  }

  size_t size() const { return size_; }

 private:
  static constexpr uint32_t kFree = 0;

  struct Slot {
    uint32_t tag = kFree;
    uint32_t row = 0;
  };

  static uint32_t tag_of(uint64_t hash) { return std::max(static_cast<uint32_t>(hash), kFree + 1); }
  size_t mask() const { return slots_.size() - 1; }

  void place(Slot slot) {
    size_t at = slot.tag & mask();
    while (slots_[at].tag != kFree) at = (at + 1) & mask();
    slots_[at] = slot;
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const auto& slot : old) {
      if (slot.tag != kFree) place(slot);
    }
  }

  std::vector<Slot> slots_;  // their number is a power of two
  size_t size_ = 0;
};

}  // namespace whywait
