#include "sources/live/sockstat_decode.h"

#include <charconv>

namespace whywait::live {
namespace {

// The number behind " word " in the line that begins with `line`.
std::optional<uint32_t> field(std::string_view text, std::string_view line, std::string_view word) {
  while (!text.empty()) {
    const auto end = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(end.size() + 1, text.size()));
    if (!end.starts_with(line)) continue;
    const auto at = end.find(word);
    if (at == std::string_view::npos) return std::nullopt;
    const auto digits = end.substr(at + word.size());
    uint32_t value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Sockstat> decode_sockstat(std::string_view sockstat, std::string_view sockstat6) {
  const auto four = field(sockstat, "TCP: ", " inuse ");
  const auto orphans = field(sockstat, "TCP: ", " orphan ");
  const auto time_wait = field(sockstat, "TCP: ", " tw ");
  const auto allocated = field(sockstat, "TCP: ", " alloc ");
  if (!four || !orphans || !time_wait || !allocated) return std::nullopt;
  const auto six = field(sockstat6, "TCP6: ", " inuse ").value_or(0);
  return Sockstat{
      .in_use = *four + six, .orphans = *orphans, .time_wait = *time_wait, .allocated = *allocated};
}

}  // namespace whywait::live
