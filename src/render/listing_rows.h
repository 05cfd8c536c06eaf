// Row-by-row look-ups for both renderings of a listing, prepared so that a row costs little.
#pragma once

#include "core/holder_index.h"
#include "render/listing.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace whywait::render {

// Why no process is named for a connection without known holders; empty if there may be one.
std::string_view no_owner_because(const Listing& listing, uint32_t row);

std::string process_name(const Facts& facts, Pid pid);

// Nothing if the row has no timer or none is running.
inline std::optional<Timer> running_timer(const Connection& c) {
  const auto timer = c.timer();
  return timer && timer->kind != TimerKind::None ? timer : std::nullopt;
}

struct ListingRow {
  uint32_t index;
  const Connection& connection;
  Answer<Age> age;
  std::string_view cause;  // its id; empty if it has none
};

class ListingRows {
 public:
  explicit ListingRows(const Listing& listing);

  ListingRow row(uint32_t index) const;
  std::span<const Holder> holders_of(const ListingRow& row) const { return holders_.of(row.connection); }

  // Calls `write(row)` for each row of the listing in order, until it returns false. Consecutive rows are far
  // apart in the table, so the memory of several is prefetched together.
  template <class Write>
  void each(const Write& write) const {
    constexpr size_t kAhead = 32;
    for (size_t i = 0; i < listing_.rows.size(); ++i) {
      if (i % kAhead == 0) {
        prefetch(std::span(listing_.rows).subspan(i, std::min(kAhead, listing_.rows.size() - i)));
      }
      if (!write(row(listing_.rows[i]))) return;
    }
  }

  // Does the same in the order of the table, which is faster.
  template <class Look>
  void each_in_any_order(const Look& look) const {
    std::vector<bool> is_listed(facts_.table.connections.size());
    for (const auto index : listing_.rows) is_listed[index] = true;
    for (uint32_t index = 0; index < is_listed.size(); ++index) {
      if (is_listed[index]) look(row(index));
    }
  }

 private:
  void prefetch(std::span<const uint32_t> indices) const;

  const Listing& listing_;
  const Facts& facts_;
  HolderIndex holders_;
};

// The text for a process, made once however many rows name it.
class ProcessTexts {
 public:
  struct Text {
    std::string text;
    size_t width = 0;
  };

  explicit ProcessTexts(std::function<std::string(Pid)> make) : make_(std::move(make)) {}

  const Text& of(Pid pid);

 private:
  std::function<std::string(Pid)> make_;
  std::unordered_map<Pid, Text> texts_;
};

}  // namespace whywait::render
