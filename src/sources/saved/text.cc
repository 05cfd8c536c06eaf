#include "sources/saved/text.h"

#include "core/text.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace whywait::saved {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::string_view kDigits = "0123456789abcdef";

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto c = first_code_point(bytes);
    if (!c) return false;
    bytes.remove_prefix(c->length);
  }
  return true;
}

void append_hex(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
}

void append_unit(std::string& out, uint32_t utf16) {
  out += "\\u";
  for (const auto shift : {12U, 8U, 4U, 0U}) out += kDigits[utf16 >> shift & 15U];
}

// Above the first plane, JSON has two escapes for one character (RFC 8259 section 7).
void append_escaped(std::string& out, char32_t c) {
  if (c < 0x10000) return append_unit(out, c);
  append_unit(out, 0xd800 + ((c - 0x10000) >> 10U));
  append_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ffU));
}

bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

std::optional<uint32_t> nibble(char c) {
  const auto at = kDigits.find(c);
  return at == std::string_view::npos ? std::nullopt : std::optional(static_cast<uint32_t>(at));
}

// Accepts only digits.
std::optional<uint32_t> number(std::string_view text) {
  uint32_t out = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && stopped == end ? std::optional(out) : std::nullopt;
}

}  // namespace

void append_bytes(std::string& out, std::string_view bytes) {
  if (!is_text(bytes)) {
    out += R"({"hex":")";
    append_hex(out, bytes);
    out += "\"}";
    return;
  }
  out += '"';
  while (!bytes.empty()) {
    const auto* plain = std::find_if_not(bytes.begin(), bytes.end(), is_plain);
    out.append(bytes.begin(), plain);
    bytes.remove_prefix(static_cast<size_t>(plain - bytes.begin()));
    if (bytes.empty()) break;
    const auto c = first_code_point(bytes);
    append_escaped(out, c->value);
    bytes.remove_prefix(c->length);
  }
  out += '"';
}

std::optional<std::string> parse_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(digits.size() / 2);
  for (size_t i = 0; i < digits.size(); i += 2) {
    const auto high = nibble(digits[i]);
    const auto low = nibble(digits[i + 1]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high << 4U | *low);
  }
  return out;
}

std::string time_text(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::duration_cast<nanoseconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<Time> parse_time(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000000000Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (size_t i = 0; i < kForm.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !is_digit : text[i] != kForm[i]) return std::nullopt;
  }
  const auto at = [&](size_t from, size_t length) { return number(text.substr(from, length)).value_or(0); };
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(at(0, 4))),
                                         std::chrono::month(at(5, 2)), std::chrono::day(at(8, 2)));
  constexpr int kFirstYear = 1678;  // the years that 64 bits of nanoseconds reach in whole
  constexpr int kLastYear = 2261;
  if (!date.ok() || int(date.year()) < kFirstYear || int(date.year()) > kLastYear) return std::nullopt;
  const auto hour = at(11, 2);
  const auto minute = at(14, 2);
  const auto second = at(17, 2);
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return Time(std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
              std::chrono::minutes(minute) + seconds(second) + nanoseconds(at(20, 9)));
}

}  // namespace whywait::saved
