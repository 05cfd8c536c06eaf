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

struct Line {
  // Without quoting, escape sequences, markup, control characters and blanks at its end; blanks for tabs.
  std::string_view text;
  std::string_view raw;   // as it came, in UTF-8 where it was UTF-16
  uint64_t number = 0;    // from 1
  bool too_long = false;  // only its beginning is here
  bool binary = false;    // it has NUL bytes
  bool after_blank = false;
};

// Reads UTF-8, what looks like it (bytes of other encodings stay as they are), and UTF-16 with or without a
// mark (BOM). Holds one line at a time, of at most kLongest bytes: what a longer one has beyond that is
// passed over.
class Lines {
 public:
  static constexpr size_t kLongest = size_t{8} << 20U;

  explicit Lines(Read read);
  // What these give is valid until the next line is asked for.
  std::optional<Line> next();
  // The same in two steps, for a line that can be understood as it came is not to be cleaned.
  std::optional<std::string_view> next_raw();
  Line cleaned();

 private:
  enum class Encoding : uint8_t { Unknown, Bytes, Utf16Little, Utf16Big };

  bool fill();
  void find_encoding();
  void decode_utf16();
  std::optional<std::string_view> up_to_end_of_line();
  std::string_view clean(std::string_view raw);

  Read read_;
  Encoding encoding_ = Encoding::Unknown;
  std::string buffer_;  // decoded, from `at_` on not given out yet
  size_t at_ = 0;
  std::string undecoded_;
  uint32_t surrogate_ = 0;  // the first half of a pair of UTF-16
  bool at_end_ = false;
  bool too_long_ = false;
  std::string_view raw_;
  uint64_t number_ = 0;
  bool was_blank_ = false;
  bool after_blank_ = false;
  std::string cleaned_;
};

}  // namespace whywait::pasted
