// Usage: bench_printed [TOOL ROWS]. What a tool would print of so many sockets that are made up; TOOL is the
// number of one of those that are listed without it.
#include "sources/pasted/printed_test.h"

#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>

namespace {

std::optional<size_t> number(std::string_view text) {
  size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(value) : std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  const auto tools = whywait::testing::all_tools();
  if (argc == 1) {
    for (const auto& tool : tools) std::puts(tool.name.c_str());
    return 0;
  }
  const auto which = argc == 3 ? number(argv[1]) : std::nullopt;
  const auto rows = argc == 3 ? number(argv[2]) : std::nullopt;
  if (!which || !rows || *which >= tools.size()) {
    std::fputs("usage: bench_printed [TOOL ROWS]\n", stderr);
    return 2;
  }
  const auto& tool = tools[*which];
  const auto text = tool.print(whywait::testing::made_up(1, *rows, tool.is_wide));
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
