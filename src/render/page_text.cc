#include "render/page_text.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include <fmt/format.h>

namespace whywait::render {
namespace {

constexpr size_t kLabel = 11;
constexpr std::string_view kReset = "\033[0m";

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

// Text without a blank, in one tone. A word has several where a run ends within it.
struct Piece {
  std::string_view text;
  Tone tone;
};
using Word = std::vector<Piece>;

size_t width(const Word& word) {
  size_t columns = 0;
  for (const auto& piece : word) columns += render::width(piece.text);
  return columns;
}

// Cuts pieces at each `mark`, which is in none of the words.
std::vector<Word> split(const Word& pieces, char mark) {
  std::vector<Word> words(1);
  for (auto [text, tone] : pieces) {
    for (auto end = text.find(mark); end != std::string_view::npos; end = text.find(mark)) {
      if (end > 0) words.back().push_back({text.substr(0, end), tone});
      words.emplace_back();
      text.remove_prefix(end + 1);
    }
    if (!text.empty()) words.back().push_back({text, tone});
  }
  return words;
}

// The first bytes of a text, which fill so many columns.
size_t bytes_of(std::string_view text, size_t columns) {
  const auto* const end = std::find_if(text.begin(), text.end(), [&](char c) {
    const bool continues = (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
    return !continues && columns-- == 0;
  });
  return static_cast<size_t>(std::distance(text.begin(), end));
}

class Writer {
 public:
  explicit Writer(const Style& style) : style_(style) {}

  std::string take() { return std::move(out_); }

  void operator()(const Line& line) {
    if (line.runs.empty()) {
      put(line.label.text, line.label.tone);
      return end_line();
    }
    begin(line.label);
    Word pieces;
    for (const auto& run : line.runs) pieces.push_back({run.text(), run.tone()});
    for (const auto& word : split(pieces, ' ')) put(word);
    end_line();
  }

  void operator()(const Command& c) {
    begin(c.label);
    put(c.command, Tone::Good);
    if (!c.comment.text().empty()) comment(c.comment);
    end_line();
  }

  void operator()(const Drawing& drawing) {
    size_t art = 0;
    size_t notes = 0;
    for (const auto& row : drawing.rows) {
      art = std::max(art, row.art.size());
      notes = std::max(notes, row.note.size());
    }
    if (const auto indent = indent_of(art + kGap + notes)) return draw(drawing, *indent, art + kGap);
    if (const auto indent = indent_of(art)) draw(drawing, *indent, std::nullopt);
    if (!drawing.in_words.runs.empty()) (*this)(drawing.in_words);
  }

  void operator()(const Blank&) { end_line(); }

 private:
  static constexpr size_t kGap = 2;  // blanks between a drawing and its notes

  bool has_room_for(size_t columns) const { return style_.width == 0 || column_ + columns <= style_.width; }

  void turn(Tone tone) {
    if (!style_.colour || tone == tone_) return;
    if (tone_ != Tone::Plain) out_ += kReset;
    out_ += code_of(tone);
    tone_ = tone;
  }

  void put(std::string_view text, Tone tone) {
    turn(tone);
    out_ += text;
    column_ += render::width(text);
  }

  void end_line() {
    turn(Tone::Plain);
    out_ += '\n';
    column_ = 0;
  }

  // At the text of a line.
  void begin(const Label& label) {
    is_first_ = true;
    const auto columns = std::max(kLabel, label.text.size() + 1);
    put(fmt::format("{:<{}}", label.text, columns), label.text.empty() ? Tone::Plain : label.tone);
  }

  void go_on_in_next_line() {
    end_line();
    put(std::string(kLabel, ' '), Tone::Plain);
    is_first_ = true;
  }

  void put(const Word& word) {
    const auto columns = width(word);
    if (style_.width > 0 && kLabel + columns > style_.width) {
      const auto parts = split(word, kNoBreak);
      if (parts.size() > 1) {
        for (const auto& part : parts) put(part);
        return;
      }
    }
    if (!is_first_ && !has_room_for(1 + columns)) go_on_in_next_line();
    if (!is_first_) put(" ", word.empty() || word.front().tone != tone_ ? Tone::Plain : tone_);
    for (const auto& piece : word) put_unbroken(piece);
    is_first_ = false;
  }

  // A word that fits on no line continues on the next.
  void put_unbroken(Piece piece) {
    while (style_.width > kLabel && !has_room_for(render::width(piece.text))) {
      const auto head = bytes_of(piece.text, style_.width - std::min(column_, style_.width));
      put_with_blanks({piece.text.substr(0, head), piece.tone});
      piece.text.remove_prefix(head);
      go_on_in_next_line();
    }
    put_with_blanks(piece);
  }

  void put_with_blanks(const Piece& piece) {
    std::string text(piece.text);
    std::replace(text.begin(), text.end(), kNoBreak, ' ');
    put(text, piece.tone);
  }

  // Beside the command as a whole, or below it.
  void comment(const Run& run) {
    constexpr std::string_view kBeside = "   # ";
    const bool is_beside = has_room_for(kBeside.size() + render::width(run.text()));
    std::string_view mark = kBeside;
    for (const auto& word : split({{run.text(), run.tone()}}, ' ')) {
      if ((mark == kBeside && !is_beside) || !has_room_for(mark.size() + width(word))) {
        go_on_in_next_line();
        mark = "# ";
      }
      put(mark, Tone::Plain);
      for (const auto& piece : word) put_with_blanks(piece);
      mark = " ";
    }
  }

  // How far a drawing of so many columns can be from the left; nothing where it has no room at all.
  std::optional<size_t> indent_of(size_t columns) const {
    for (const size_t indent : {kLabel, size_t{2}, size_t{0}}) {
      if (has_room_for(indent + columns)) return indent;
    }
    return std::nullopt;
  }

  void draw(const Drawing& drawing, size_t indent, std::optional<size_t> notes_at) {
    for (const auto& row : drawing.rows) {
      put(fmt::format("{:{}}{}", "", indent, row.art), Tone::Plain);
      if (notes_at && !row.note.empty())
        put(fmt::format("{:{}}{}", "", *notes_at - row.art.size(), row.note), Tone::Plain);
      end_line();
    }
  }

  const Style& style_;
  std::string out_;
  size_t column_ = 0;
  Tone tone_ = Tone::Plain;
  bool is_first_ = true;  // no word stands in the line
};

}  // namespace

std::string text_of(const Page& page, const Style& style) {
  Writer writer(style);
  for (const auto& part : page.parts()) std::visit(writer, part);
  return writer.take();
}

std::string paint(std::string_view text, Tone tone, const Style& style) {
  if (!style.colour || tone == Tone::Plain) return std::string(text);
  return fmt::format("{}{}{}", code_of(tone), text, kReset);
}

}  // namespace whywait::render
