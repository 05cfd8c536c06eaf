// Finds the rows of one table that are the other ends of another table's rows.
#pragma once

#include "core/facts.h"
#include "core/row_index.h"

#include <cstdint>
#include <vector>

namespace whywait {

// The rows for which `is_one` is true, indexed by both ends.
class Mirrors {
 public:
  Mirrors(const Facts& facts, bool (*is_one)(const Connection&));

  size_t size() const { return index_.size(); }  // the number of different pairs of ends
  // The row of the other end, or kNoRow.
  uint32_t of(const Connection& c) const { return with_ends(c.remote, c.local); }
  // The first row with these ends, or kNoRow.
  uint32_t with_ends(const Endpoint& local, const Endpoint& remote) const;

 private:
  const Pages<Connection>& table_;
  RowIndex index_;
};

// A pair of rows whose ports mirror although address translation has changed their addresses.
struct Translated {
  uint32_t row = 0;  // in the first table
  uint32_t mirror = 0;
};

// Considers pairs of addresses with more mirrored ports than chance allows, and returns the rows whose ports
// no other connection has.
std::vector<Translated> find_translated(const Facts& first, const Facts& second);

}  // namespace whywait
