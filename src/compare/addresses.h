// A set of addresses that counts how often each was added.
#pragma once

#include "core/address.h"
#include "core/row_index.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace whywait {

class Addresses {
 public:
  struct Counted {
    Address address;
    uint32_t count = 0;
  };

  void add(const Address& address) {
    // Neighbouring rows mostly have the same address.
    if (last_ < all_.size() && all_[last_].address == address) {
      ++all_[last_].count;
      return;
    }
    const auto hash = hash_of(Endpoint{address, 0}, 0);
    const auto known = index_.find(hash, [&](uint32_t n) { return all_[n].address == address; });
    last_ = known.value_or(static_cast<uint32_t>(all_.size()));
    if (!known) {
      index_.add(hash, last_);
      all_.push_back({address, 0});
    }
    ++all_[last_].count;
  }

  bool contains(const Address& address) const {
    const auto hash = hash_of(Endpoint{address, 0}, 0);
    return index_.find(hash, [&](uint32_t n) { return all_[n].address == address; }).has_value();
  }

  const std::vector<Counted>& all() const { return all_; }

 private:
  RowIndex index_;
  std::vector<Counted> all_;
  uint32_t last_ = 0;
};

}  // namespace whywait
