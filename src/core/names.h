// The names that stand in a dump in place of addresses. A table of sockets owns those of its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace whywait {

inline constexpr size_t kNameRoom = 80;  // bytes

struct Name {
  uint64_t hash = 0;    // of the text, the same in every table
  uint64_t number = 0;  // in the order in which they were added
};

class Names {
 public:
  using Entry = std::pair<const std::string, Name>;

  Names() = default;
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  // At most kNameRoom bytes count, and what could do harm where it is printed (control characters, quotes,
  // markup) becomes '?'. The entry stays where it is for as long as this lives.
  const Entry& add(std::string_view text);

 private:
  std::unordered_map<std::string, Name> all_;
};

}  // namespace whywait
