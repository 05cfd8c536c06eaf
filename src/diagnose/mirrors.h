// The rows of one table that are the other ends of the rows of another.
#pragma once

#include "core/facts.h"
#include "core/row_index.h"

#include <cstdint>
#include <vector>

namespace whywait {

// By both ends.
class Mirrors {
 public:
  explicit Mirrors(const Facts& facts);

  // The row that is the other end, or kNoRow.
  uint32_t of(const Connection& c) const;

 private:
  const Pages<Connection>& table_;
  RowIndex index_;
};

// By ports, where the addresses were translated on the way.
struct Translated {
  uint32_t row = 0;  // of the first
  uint32_t mirror = 0;
};

// Between addresses of which so many pairs of ports mirror that it is no accident, those whose ports no other
// connection has.
std::vector<Translated> find_translated(const Facts& first, const Facts& second);

}  // namespace whywait
