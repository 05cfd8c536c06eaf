// An answer for people, in parts that know neither the width nor the colours of what they are shown on.
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

// Stands in a run for the blank between a number and its unit, at which no line may end. No foreign byte can
// pass for it, since printable() lets none through.
inline constexpr char kNoBreak = '\x1f';

// A piece of text in one tone. It is printable, whatever bytes it was made of.
class Run {
 public:
  // Implicit, so that plain text is a run of plain text.
  Run(std::string_view text, Tone tone = Tone::Plain);           // NOLINT(google-explicit-constructor)
  Run(const std::string& text) : Run(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Run(const char* text) : Run(std::string_view(text)) {}         // NOLINT(google-explicit-constructor)

  const std::string& text() const { return text_; }
  Tone tone() const { return tone_; }

 private:
  std::string text_;
  Tone tone_;
};

// What a part begins with; empty where it goes on with what the part above it began.
struct Label {
  std::string text;
  Tone tone = Tone::Strong;
};

// A label and the text beside it. A line without runs is a title.
struct Line {
  Label label;
  std::vector<Run> runs;
};

// What can be pasted into a shell, together with its comment.
struct Command {
  Label label;
  std::string command;
  Run comment;  // may be empty
};

// Rows of which each column matters, and a note beside each.
struct Drawing {
  struct Row {
    std::string art;
    std::string note;
  };
  std::vector<Row> rows;
  Line in_words;  // stands below where there is no room for the notes
};

// Parts what stands above it from what stands below.
struct Blank {};

using Part = std::variant<Line, Command, Drawing, Blank>;

class Page {
 public:
  // The next line or command begins with this label; those after it belong to the same section.
  Page& section(std::string_view label, Tone tone = Tone::Strong);

  void line(std::vector<Run> runs);
  void line(Run run) { line(std::vector<Run>{std::move(run)}); }
  // A line each. Where there is none, the section has none either.
  void lines(const std::vector<std::string>& texts);
  // Without a command the comment is advice, and a line.
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
