#include "sources/pasted/lines.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace whywait::pasted {
namespace {

constexpr size_t kChunk = size_t{256} << 10U;
constexpr uint32_t kReplacement = 0xfffd;  // for half of a pair of UTF-16

// Characters that are rare in a line: without them it needs no cleaning.
constexpr std::array<bool, 256> kSuspicious = [] {
  std::array<bool, 256> out{};
  for (size_t c = 0; c < 0x20; ++c) out.at(c) = true;
  for (const char c : {'&', '<', '|', '\x7f', '\xc2'}) out.at(static_cast<uint8_t>(c)) = true;
  return out;
}();

bool is_suspicious(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) { return kSuspicious[static_cast<uint8_t>(c)]; });
}

void append_utf8(std::string& to, uint32_t code) {
  const auto tail = [&](uint32_t shift) { to += static_cast<char>(0x80U | (code >> shift & 0x3fU)); };
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xc0U | code >> 6U);
    tail(0);
  } else if (code < 0x10000) {
    to += static_cast<char>(0xe0U | code >> 12U);
    tail(6);
    tail(0);
  } else {
    to += static_cast<char>(0xf0U | code >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
}

struct Replacement {
  std::string_view text;
  std::string_view by;
};

// Entities that web pages make of characters in a listing.
constexpr Replacement kMarkup[] = {
    {"&gt;", ">"},   {"&lt;", "<"},  {"&amp;", "&"}, {"&quot;", "\""},  {"&#39;", "'"},
    {"&nbsp;", " "}, {"&#62;", ">"}, {"&#60;", "<"}, {"\xc2\xa0", " "},  // no-break space
};

// The length of a tag of a web page, "<td>" or "</pre>" or "<span class=…>"; 0 where there is none.
size_t tag_at(std::string_view text) {
  constexpr size_t kLongest = 200;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const size_t name = text.starts_with("</") ? 2 : 1;
  if (!text.starts_with('<') || name >= text.size() || !is_letter(text[name])) return 0;
  const auto end = text.substr(0, kLongest).find_first_of("<>", name);
  return end == std::string_view::npos || text[end] == '<' ? 0 : end + 1;
}

// The length of an escape sequence of a terminal: CSI ends with a byte from @ to ~, OSC with BEL or ESC \.
size_t escape_at(std::string_view text) {
  if (text.size() < 2) return text.size();
  if (text[1] == '[') {
    size_t end = 2;
    while (end < text.size() && (text[end] < '@' || text[end] > '~')) ++end;
    return std::min(end + 1, text.size());
  }
  if (text[1] != ']') return 2;
  const auto end = text.find_first_of("\a\x1b", 2);
  if (end == std::string_view::npos) return text.size();
  return std::min(end + (text[end] == '\a' ? 1 : 2), text.size());
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view without_end(std::string_view line) { return line.substr(0, line.find_last_not_of(' ') + 1); }

// Marks before a line: of a quotation, of a match, of a comment, of a table.
std::string_view without_marks(std::string_view line) {
  while (true) {
    const auto at = line.find_first_not_of(' ');
    if (at == std::string_view::npos) return {};
    const char mark = line[at];
    const auto rest = line.substr(at + 1);
    const bool stands_alone = rest.empty() || is_blank(rest.front()) || rest.front() == '>';
    if (mark != '>' && (!stands_alone || (mark != '|' && mark != '#'))) return line;
    line = rest;
  }
}

}  // namespace

Lines::Lines(Read read) : read_(std::move(read)) {}

bool Lines::fill() {
  if (at_end_) return false;
  if (at_ > 0) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  const auto held = buffer_.size();
  const bool as_it_is = encoding_ == Encoding::Bytes;
  auto& to = as_it_is ? buffer_ : undecoded_;
  const auto before = to.size();
  to.resize(before + kChunk);
  const auto n = std::min(read_({to.data() + before, kChunk}), kChunk);
  to.resize(before + n);
  at_end_ = n == 0;
  if (encoding_ == Encoding::Unknown) find_encoding();
  if (encoding_ == Encoding::Utf16Little || encoding_ == Encoding::Utf16Big) decode_utf16();
  // A text shorter than a byte order mark is passed on only at the end.
  return !at_end_ || buffer_.size() > held;
}

void Lines::find_encoding() {
  constexpr size_t kEnough = 4;
  if (undecoded_.size() < kEnough && !at_end_) return;
  const auto starts = [&](std::string_view mark) { return undecoded_.starts_with(mark); };
  const auto is_nul = [&](size_t i) { return i < undecoded_.size() && undecoded_[i] == '\0'; };
  encoding_ = Encoding::Bytes;
  if (starts("\xff\xfe") || (is_nul(1) && is_nul(3) && !is_nul(0) && !is_nul(2))) {
    encoding_ = Encoding::Utf16Little;
  } else if (starts("\xfe\xff") || (is_nul(0) && is_nul(2) && !is_nul(1) && !is_nul(3))) {
    encoding_ = Encoding::Utf16Big;
  }
  if (starts("\xff\xfe") || starts("\xfe\xff")) undecoded_.erase(0, 2);
  if (starts("\xef\xbb\xbf")) undecoded_.erase(0, 3);
  if (encoding_ == Encoding::Bytes) buffer_ = std::exchange(undecoded_, {});
}

void Lines::decode_utf16() {
  const size_t high = encoding_ == Encoding::Utf16Little ? 1 : 0;
  size_t i = 0;
  for (; i + 1 < undecoded_.size(); i += 2) {
    const auto unit = static_cast<uint32_t>(static_cast<uint8_t>(undecoded_[i + high])) << 8U |
                      static_cast<uint8_t>(undecoded_[i + 1 - high]);
    const bool is_second = unit >= 0xdc00 && unit < 0xe000;
    const auto first = std::exchange(surrogate_, 0);
    if (first != 0 && !is_second) append_utf8(buffer_, kReplacement);
    if (unit >= 0xd800 && unit < 0xdc00) {
      surrogate_ = unit;
    } else if (is_second) {
      append_utf8(buffer_, first == 0 ? kReplacement : 0x10000 + ((first & 0x3ffU) << 10U) + (unit & 0x3ffU));
    } else {
      append_utf8(buffer_, unit);
    }
  }
  undecoded_.erase(0, i);
}

std::optional<RawLine> Lines::next() {
  bool too_long = false;
  const auto given = [&](size_t end, size_t next) {
    const auto line = std::string_view(buffer_).substr(at_, end - at_);
    at_ = next;
    return RawLine{.text = line.substr(0, kLongest), .too_long = too_long || line.size() > kLongest};
  };
  size_t searched = 0;
  while (true) {
    const auto end = buffer_.find('\n', at_ + searched);
    if (end != std::string::npos) return given(end, end + 1);
    searched = buffer_.size() - at_;
    if (searched > kLongest) {
      too_long = true;
      searched = kLongest;
      buffer_.resize(at_ + kLongest);
    }
    if (fill()) continue;
    if (buffer_.size() == at_) return std::nullopt;
    return given(buffer_.size(), buffer_.size());
  }
}

std::string_view Cleaner::without_wrapping(std::string_view raw) {
  if (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
  if (!is_suspicious(raw)) return without_marks(without_end(raw));
  cleaned_.clear();
  for (size_t i = 0; i < raw.size();) {
    const auto rest = raw.substr(i);
    const auto* markup = std::find_if(std::begin(kMarkup), std::end(kMarkup),
                                      [&](const Replacement& r) { return rest.starts_with(r.text); });
    if (markup != std::end(kMarkup)) {
      cleaned_ += markup->by;
      i += markup->text.size();
    } else if (const auto tag = tag_at(rest); tag > 0) {
      cleaned_ += ' ';
      i += tag;
    } else if (rest.front() == '\x1b') {
      i += escape_at(rest);
    } else {
      const auto c = static_cast<uint8_t>(rest.front());
      cleaned_ += c < 0x20 || c == 0x7f ? ' ' : rest.front();
      ++i;
    }
  }
  const auto last = cleaned_.find_last_not_of(' ');
  const bool is_table_row = last != std::string::npos && cleaned_[last] == '|' && cleaned_.find('|') < last;
  if (is_table_row) std::replace(cleaned_.begin(), cleaned_.end(), '|', ' ');
  return without_marks(without_end(cleaned_));
}

Line Cleaner::clean(const RawLine& raw) {
  Line line{.raw = raw, .number = ++number_, .after_blank = was_blank_};
  line.binary = std::memchr(raw.text.data(), 0, raw.text.size()) != nullptr;
  line.text = without_wrapping(raw.text);
  was_blank_ = line.text.find_first_not_of(' ') == std::string_view::npos;
  return line;
}

void Cleaner::pass() {
  ++number_;
  was_blank_ = false;
}

}  // namespace whywait::pasted
