// What any bytes are given to. Each takes them without a crash, and checks that what it made of them makes
// sense.
#pragma once

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace whywait::fuzz {

struct Target {
  std::string name;  // its corpus is in fuzz/corpus/NAME
  std::function<void(std::string_view bytes)> run;
};

std::vector<Target> all_targets();

// Of a promise that was not kept.
struct Broken : std::logic_error {
  using std::logic_error::logic_error;
};
inline void expect(bool kept, const std::string& what) {
  if (!kept) throw Broken(what);
}

inline bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void saved(std::string_view bytes);                                      // a saved file
void lines(std::string_view bytes);                                      // the frame around all dumps
void dump(std::string_view bytes);                                       // the format is recognised
void dump_of_format(const std::string& format, std::string_view bytes);  // as with --format

}  // namespace whywait::fuzz
