// The rows of one table that are the other ends of the rows of another.
#pragma once

#include "core/facts.h"
#include "core/row_index.h"

#include <cstdint>
#include <vector>

namespace whywait {

// The rows of one kind by both ends.
class Mirrors {
 public:
  Mirrors(const Facts& facts, bool (*is_one)(const Connection&));

  size_t size() const { return index_.size(); }  // of those that differ in their ends
  // The row that is the other end, or kNoRow.
  uint32_t of(const Connection& c) const { return with_ends(c.remote, c.local); }
  // The first row that has these ends, or kNoRow.
  uint32_t with_ends(const Endpoint& local, const Endpoint& remote) const;

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
