#include "render/page.h"

#include "core/text.h"
#include "render/chunks.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/compile.h>
#include <fmt/format.h>

namespace whywait::render {
namespace {

constexpr size_t kLabel = 11;

// C0, DEL, C1; zero-width characters, direction marks and overrides, line separators, the byte order mark,
// tags.
bool is_harmless(char32_t c) {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad) return false;
  if ((c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f))
    return false;
  return c != 0x61c && c != 0xfeff && (c < 0xe0000 || c > 0xe0fff) && (c < 0xfff0 || c > 0xffff);
}

std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::Plain: return "";
    case Tone::Good: return "\033[32m";
    case Tone::Notice: return "\033[33m";
    case Tone::Bad: return "\033[1;31m";
    case Tone::Faint: return "\033[2m";
    case Tone::Strong: return "\033[1m";
  }
  return "";
}

// Bytes of a word that fill so many columns; the escape sequences before and after them are among them.
size_t bytes_of(std::string_view word, size_t columns) {
  bool escape = false;
  size_t at = 0;
  for (; at < word.size(); ++at) {
    const char c = word[at];
    if (c == '\033') escape = true;
    const bool continuation = (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
    if (!escape && !continuation && columns-- == 0) break;
    if (c == 'm') escape = false;
  }
  return at;
}

}  // namespace

std::string printable(std::string_view hostile) {
  std::string out;
  while (!hostile.empty()) {
    const auto c = first_code_point(hostile);
    const size_t length = c ? c->length : 1;
    if (c && is_harmless(c->value)) {
      out += hostile.substr(0, length);
    } else {
      for (const char byte : hostile.substr(0, length))
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
    hostile.remove_prefix(length);
  }
  return out;
}

std::string paint(std::string_view text, Tone tone, const Style& style) {
  if (!style.colour || tone == Tone::Plain) return std::string(text);
  return fmt::format("{}{}\033[0m", code_of(tone), text);
}

size_t width(std::string_view text) {
  size_t columns = 0;
  bool escape = false;
  for (const char c : text) {
    if (c == '\033') escape = true;
    const bool continuation = (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
    if (!escape && !continuation) ++columns;
    if (c == 'm') escape = false;
  }
  return columns;
}

std::string labelled(std::string_view label, std::string_view text, const Style& style, Tone tone) {
  const size_t label_columns = std::max(kLabel, label.size() + 1);
  std::string out = paint(fmt::format("{:<{}}", label, label_columns), tone, style);
  const std::string indent(kLabel, ' ');
  size_t column = label_columns;
  bool first = true;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    auto word = text.substr(0, end);
    auto columns = width(word);
    if (!first && style.width > 0 && column + 1 + columns > style.width) {
      out += "\n" + indent;
      column = kLabel;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    // One that no line has room for goes on in the next.
    for (; style.width > kLabel && column + columns > style.width; columns = width(word)) {
      const auto head = bytes_of(word, style.width - column);
      out.append(word.substr(0, head)).append("\n" + indent);
      word.remove_prefix(head);
      column = kLabel;
    }
    out += word;
    column += columns;
    first = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + "\n";
}

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
