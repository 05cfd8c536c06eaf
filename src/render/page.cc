#include "render/page.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace whywait::render {
namespace {

constexpr std::string_view kDigits = "0123456789";

bool is_letter(char c) {
  const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
  return !is_ascii || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) { return kDigits.find(c) != std::string_view::npos; }

// "4,812", "3.1", "+177", "(24"
bool is_number(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of("(+-"), word.size()));
  return !word.empty() && is_digit(word.front()) && is_digit(word.back()) &&
         word.find_first_not_of("0123456789,.") == std::string_view::npos;
}

// Nouns that a number follows as a name.
bool is_numbered(std::string_view word) {
  constexpr std::array<std::string_view, 9> kWords = {"pid",        "process", "thread", "port",     "line",
                                                      "descriptor", "inode",   "uid",    "namespace"};
  word.remove_prefix(std::min(word.find_first_not_of('('), word.size()));
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

std::string with_units_bound(std::string text) {
  size_t word = 0;
  for (auto at = text.find(' '); at != std::string::npos && at + 1 < text.size(); at = text.find(' ', word)) {
    const auto before = std::string_view(text).substr(word, at - word);
    const char next = text[at + 1];
    if ((is_number(before) && is_letter(next)) || (is_numbered(before) && is_digit(next)))
      text[at] = kNoBreak;
    word = at + 1;
  }
  return text;
}

}  // namespace

Run::Run(std::string_view text, Tone tone) : text_(with_units_bound(printable(text))), tone_(tone) {}

Page& Page::section(std::string_view label, Tone tone) {
  label_ = {.text = printable(label), .tone = tone};
  return *this;
}

void Page::line(std::vector<Run> runs) {
  parts_.emplace_back(Line{.label = take_label(), .runs = std::move(runs)});
}

void Page::lines(const std::vector<std::string>& texts) {
  for (const auto& text : texts) line(text);
  label_ = {};  // where there was no line
}

void Page::command(std::string_view command, std::string_view comment) {
  if (command.empty()) return line(comment);
  parts_.emplace_back(Command{.label = take_label(), .command = printable(command), .comment = comment});
}

void Page::title(std::string_view text, Tone tone) { section(text, tone).line(std::vector<Run>{}); }

void Page::drawing(Drawing drawing) { parts_.emplace_back(std::move(drawing)); }

void Page::append(Page page) {
  std::move(page.parts_.begin(), page.parts_.end(), std::back_inserter(parts_));
}

}  // namespace whywait::render
