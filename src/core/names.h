// The names that a dump prints instead of addresses. A socket table owns those of its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace whywait {

inline constexpr size_t kNameRoom = 80;  // in bytes

struct Name {
  uint64_t hash = 0;    // of the text; the same in every table
  uint64_t number = 0;  // its position in the order of adding
};

class Names {
 public:
  using Entry = std::pair<const std::string, Name>;

  Names() = default;
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  // Uses at most kNameRoom bytes and replaces what could do harm when printed (control characters, quotes,
  // markup) by '?'. The entry keeps its address for as long as this object lives.
  const Entry& add(std::string_view text);

 private:
  std::unordered_map<std::string, Name> all_;
};

}  // namespace whywait
