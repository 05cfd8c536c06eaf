#include "render/numbers.h"

#include "core/text.h"
#include "render/chunks.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/compile.h>
#include <fmt/format.h>

namespace whywait::render {

std::string plural(uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

char* write_text(char* to, Milliseconds length) {
  const auto ms = length.count();
  if (ms < 1000) return fmt::format_to(to, FMT_COMPILE("{} ms"), ms);
  const auto s = ms / 1000;
  if (s < 10) return fmt::format_to(to, FMT_COMPILE("{}.{} s"), s, ms % 1000 / 100);
  if (s < 120) return fmt::format_to(to, FMT_COMPILE("{} s"), s);
  if (s < 7200) {
    to = fmt::format_to(to, FMT_COMPILE("{}m"), s / 60);
    return s % 60 == 0 ? to : fmt::format_to(to, FMT_COMPILE("{}s"), s % 60);
  }
  if (s < 172'800) return fmt::format_to(to, FMT_COMPILE("{}h{}m"), s / 3600, s % 3600 / 60);
  return fmt::format_to(to, FMT_COMPILE("{}d{}h"), s / 86400, s % 86400 / 3600);
}

char* write_text(char* to, const Age& age) {
  constexpr std::string_view kUnbounded = "at least ";
  constexpr std::string_view kBetween = " to ";
  if (!age.at_most) return write_text(append(to, kUnbounded), age.at_least);
  char* const from_end = write_text(to, age.at_least);
  char* const second = append(from_end, kBetween);
  char* const end = write_text(second, *age.at_most);
  return std::equal(to, from_end, second, end) ? from_end : end;
}

std::string duration(Milliseconds length) {
  std::array<char, kDurationRoom> out{};
  return {out.data(), write_text(out.data(), length)};
}

std::string text(const Age& age) {
  std::array<char, kAgeRoom> out{};
  return {out.data(), write_text(out.data(), age)};
}

std::string rfc3339(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::time_point_cast<std::chrono::seconds>(time);
  const auto ms = std::chrono::duration_cast<Milliseconds>(time - seconds).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), ms);
}

}  // namespace whywait::render
