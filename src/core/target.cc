#include "core/target.h"

#include <algorithm>
#include <charconv>

namespace whywait {
namespace {

constexpr uint32_t kLargestPid = 1U << 22U;  // PID_MAX_LIMIT of include/linux/threads.h
constexpr uint32_t kLargestPort = 65535;

// Accepts only digits, with a value from 1 to `most`.
std::optional<uint32_t> parse_number(std::string_view text, uint32_t most) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value == 0 || value > most)
    return std::nullopt;
  return value;
}

// With a port, which a connection always has.
std::optional<Endpoint> parse_end(std::string_view text) {
  const auto end = parse_endpoint(text);
  return end && end->port != 0 ? end : std::nullopt;
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  if (text.starts_with(':')) {
    const auto port = parse_number(text.substr(1), kLargestPort);
    return port ? std::optional<Target>(Port{static_cast<uint16_t>(*port)}) : std::nullopt;
  }
  if (const auto pid = parse_number(text, kLargestPid)) return Pid{static_cast<int32_t>(*pid)};
  const auto between = text.find('-');
  if (between == std::string_view::npos) return std::nullopt;
  const auto one = parse_end(text.substr(0, between));
  const auto other = parse_end(text.substr(between + 1));
  return one && other ? std::optional<Target>(Ends{*one, *other}) : std::nullopt;
}

}  // namespace whywait
