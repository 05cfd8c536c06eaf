// The lines of a dump, as they were before mail, chat, web pages and terminals wrapped them up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace whywait::pasted {

// Fills some of the room and gives how much; 0 at the end.
using Read = std::function<size_t(std::span<char>)>;

// As it came, in UTF-8 where it was UTF-16, without its end.
struct RawLine {
  std::string_view text;
  bool too_long = false;  // only its beginning is here
};

// Reads UTF-8, what looks like it (bytes of other encodings stay as they are), and UTF-16 with or without a
// mark (BOM). Holds one line at a time, of at most kLongest bytes: what a longer one has beyond that is
// passed over.
class Lines {
 public:
  static constexpr size_t kLongest = size_t{8} << 20U;

  explicit Lines(Read read);
  // Valid until the next call.
  std::optional<RawLine> next();

 private:
  enum class Encoding : uint8_t { Unknown, Bytes, Utf16Little, Utf16Big };

  bool fill();
  void find_encoding();
  void decode_utf16();

  Read read_;
  Encoding encoding_ = Encoding::Unknown;
  std::string buffer_;  // decoded, from `at_` on not given out yet
  size_t at_ = 0;
  std::string undecoded_;
  uint32_t surrogate_ = 0;  // the first half of a pair of UTF-16
  bool at_end_ = false;
};

struct Line {
  // Without quoting, escape sequences, markup, control characters and blanks at its end; blanks for tabs.
  std::string_view text;
  RawLine raw;
  uint64_t number = 0;  // from 1
  bool binary = false;  // it has NUL bytes
  bool after_blank = false;
};

// Is given every line in turn.
class Cleaner {
 public:
  // Valid until the next call, and as long as `raw` is.
  Line clean(const RawLine& raw);
  // Of one that is no blank line, and of which nobody needs more.
  void pass();

 private:
  std::string_view without_wrapping(std::string_view raw);

  uint64_t number_ = 0;
  bool was_blank_ = false;
  std::string cleaned_;
};

}  // namespace whywait::pasted
