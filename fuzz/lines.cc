#include "sources/pasted/lines.h"

#include "targets.h"
#include "testing/reading.h"

#include <string>
#include <vector>

namespace whywait::fuzz {
namespace {

struct Kept {
  std::string text;
  std::string raw;
  uint64_t number = 0;
  bool too_long = false;
  bool binary = false;

  bool operator==(const Kept&) const = default;
};

std::vector<Kept> lines_of(std::string_view bytes, size_t at_a_time) {
  std::vector<Kept> out;
  testing::CleanLines lines(testing::reading(bytes, at_a_time));
  while (const auto line = lines.next()) {
    out.push_back({std::string(line->text), std::string(line->raw.text), line->number, line->raw.too_long,
                   line->binary});
  }
  return out;
}

}  // namespace

void lines(std::string_view bytes) {
  const auto all = lines_of(bytes, bytes.size() + 1);
  for (size_t i = 0; i < all.size(); ++i) {
    const auto& line = all[i];
    expect(line.number == i + 1, "lines are numbered from 1, without a gap");
    expect(line.raw.find('\n') == std::string::npos, "a line has no end of a line in it");
    expect(!has_control_characters(line.text), "control characters are gone: " + line.text);
    expect(line.text.size() <= line.raw.size(), "nothing is added to a line");
  }
  // How much comes at a time says nothing. Of much, each piece would cost a whole buffer.
  constexpr size_t kMost = 256;
  if (bytes.size() > kMost) return;
  for (const size_t at_a_time : {1U, 3U})
    expect(lines_of(bytes, at_a_time) == all, "lines in pieces are the same");
}

}  // namespace whywait::fuzz
