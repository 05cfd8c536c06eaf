// An answer for people, as parts that are independent of width and colour.
#pragma once

#include "render/numbers.h"
#include "render/printable.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace whywait::render {

enum class Tone : uint8_t { Plain, Good, Notice, Bad, Faint, Strong };

// Stands in a run for a blank at which no line may end, between a number and its unit. Foreign bytes cannot
// imitate it, because printable() escapes it.
inline constexpr char kNoBreak = '\x1f';

// A piece of text in one tone. It is always printable.
class Run {
 public:
  // Implicit, so that plain text can be passed as a run.
  Run(std::string_view text, Tone tone = Tone::Plain);           // NOLINT(google-explicit-constructor)
  Run(const std::string& text) : Run(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Run(const char* text) : Run(std::string_view(text)) {}         // NOLINT(google-explicit-constructor)

  const std::string& text() const { return text_; }
  Tone tone() const { return tone_; }

 private:
  std::string text_;
  Tone tone_;
};

// The label of a part; empty if the part continues the section above it.
struct Label {
  std::string text;
  Tone tone = Tone::Strong;
};

// A label and the text beside it. A line without runs is a title.
struct Line {
  Label label;
  std::vector<Run> runs;
};

// A command that can be pasted into a shell, with its comment.
struct Command {
  Label label;
  std::string command;
  Run comment;  // may be empty
};

// Rows in which each column matters, with a note beside each.
struct Drawing {
  struct Row {
    std::string art;
    std::string note;
  };
  std::vector<Row> rows;
  Line in_words;  // shown below if there is no room for the notes
};

// Separates the parts above it from those below.
struct Blank {};

using Part = std::variant<Line, Command, Drawing, Blank>;

class Page {
 public:
  // Starts a section: the next line or command gets this label.
  Page& section(std::string_view label, Tone tone = Tone::Strong);

  void line(std::vector<Run> runs);
  void line(Run run) { line(std::vector<Run>{std::move(run)}); }
  // A line each. Where there is none, the section has none either.
  void lines(const std::vector<std::string>& texts);
  // If the command is empty, the comment becomes a line of advice.
  void command(std::string_view command, std::string_view comment);
  void title(std::string_view text, Tone tone = Tone::Plain);
  void drawing(Drawing drawing);
  void blank() { parts_.emplace_back(Blank{}); }
  void append(Page page);

  const std::vector<Part>& parts() const { return parts_; }

 private:
  Label take_label() { return std::exchange(label_, {}); }

  std::vector<Part> parts_;
  Label label_;
};

}  // namespace whywait::render
