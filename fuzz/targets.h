// The fuzz targets. Each accepts any bytes without a crash and checks that its result makes sense.
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

// Thrown if a result breaks a promise of the code under test.
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

void saved(std::string_view bytes);  // reads a saved file
void lines(std::string_view bytes);  // splits and cleans lines
void dump(std::string_view bytes);   // reads a dump whose format it recognises
void dump_of_format(const std::string& format, std::string_view bytes);  // reads a dump as --format does

}  // namespace whywait::fuzz
