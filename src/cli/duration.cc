#include "cli/commands.h"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace whywait::cli {

std::optional<Milliseconds> parse_duration(const std::string& text) {
  int64_t number = 0;
  const auto* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc() || number < 0) return std::nullopt;
  constexpr std::array<std::pair<std::string_view, int64_t>, 5> kUnits = {
      {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
  const std::string_view unit(end, static_cast<size_t>(last - end));
  for (const auto& [name, factor] : kUnits) {
    if (name != unit) continue;
    int64_t product = 0;
    if (__builtin_mul_overflow(number, factor, &product)) return std::nullopt;
    return Milliseconds(product);
  }
  return std::nullopt;
}

}  // namespace whywait::cli
