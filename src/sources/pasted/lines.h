// Splits a dump into lines and removes what mail, chat, web pages and terminals have added to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace whywait::pasted {

// Fills part of the span and returns the number of bytes; 0 at the end.
using Read = std::function<size_t(std::span<char>)>;

// A line as it was read, without its line end; UTF-16 is converted to UTF-8.
struct RawLine {
  std::string_view text;
  bool too_long = false;  // `text` has only the beginning of the line
};

// Reads UTF-8, other encodings that extend ASCII (whose bytes stay as they are), and UTF-16 with or without a
// byte order mark. Holds one line at a time, of at most kLongest bytes; it skips the rest of a longer one.
class Lines {
 public:
  static constexpr size_t kLongest = size_t{8} << 20U;

  explicit Lines(Read read);
  // The result is valid until the next call.
  std::optional<RawLine> next();

 private:
  enum class Encoding : uint8_t { Unknown, Bytes, Utf16Little, Utf16Big };

  bool fill();
  void find_encoding();
  void decode_utf16();

  Read read_;
  Encoding encoding_ = Encoding::Unknown;
  std::string buffer_;  // decoded bytes; those from at_ on are unread
  size_t at_ = 0;
  std::string undecoded_;
  uint32_t surrogate_ = 0;  // the first half of a UTF-16 surrogate pair
  bool at_end_ = false;
};

struct Line {
  // The text without quoting, escape sequences, markup, control characters and trailing blanks; tabs are
  // blanks.
  std::string_view text;
  RawLine raw;
  uint64_t number = 0;  // from 1
  bool binary = false;  // it has NUL bytes
  bool after_blank = false;
};

// Cleans lines. The caller must pass it every line, in order.
class Cleaner {
 public:
  // The result is valid until the next call and for as long as `raw` is.
  Line clean(const RawLine& raw);
  // Counts a line that is not blank without cleaning it.
  void pass();

 private:
  std::string_view without_wrapping(std::string_view raw);

  uint64_t number_ = 0;
  bool was_blank_ = false;
  std::string cleaned_;
};

}  // namespace whywait::pasted
