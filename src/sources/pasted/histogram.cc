// Parses the output of `netstat | awk '{n[$NF]++}…'` and `… | sort | uniq -c`: numbers and states instead of
// rows.
#include "sources/pasted/parser.h"

namespace whywait::pasted {
namespace {

class Histogram : public Parser {
 public:
  Taken take(const Line& /*line*/, const Words& words, Sheet& sheet) override {
    // Group-Object adds the grouped objects in braces.
    if (words.size() != 2 && !words[2].starts_with('{')) return Taken::NotMine;
    const bool number_is_first = is_number(words[0]);
    const auto n = number<uint64_t>(words[number_is_first ? 0 : 1]);
    const auto word = words[number_is_first ? 1 : 0];
    if (!n) return Taken::NotMine;
    const auto state = state_word(word);
    constexpr uint64_t kMost = uint64_t{1} << 40U;
    if (state && *n < kMost) {
      sheet.of_tool("histogram");
      if (state->is_connected) sheet.count(state->state, *n);
      return Taken::Part;
    }
    // The same column of the header.
    const bool is_header = word == "Foreign" || word == "Address" || word == "State" || word == "(state)" ||
                           word == "established)" || word == "servers)";
    return is_header && *n < 10 ? Taken::Part : Taken::NotMine;
  }
};

}  // namespace

std::unique_ptr<Parser> histogram_parser() { return std::make_unique<Histogram>(); }

}  // namespace whywait::pasted
