// stdout is the answer, stderr is for messages.
#pragma once

#include "render/formats.h"

#include <functional>
#include <string_view>

#include <unistd.h>

namespace whywait::cli {

// Columns of prose where there is no terminal.
inline constexpr size_t kPipeWidth = 100;

// Of a terminal: its width, and colour unless NO_COLOR or TERM=dumb. Of a file or a pipe: `otherwise`
// columns, plain.
render::Style style_of(int fd, size_t otherwise);

// Writes the answer whole. A reader that went away ends it with status 1 and no words; any other failure is
// said.
int answer(std::string_view text);
// The same of an answer that comes in parts. After a failure the sink wants no more of them.
int answer_in_parts(const std::function<void(const render::Sink&)>& write);
// The same of the result value of a command. Text is as wide as the terminal, or `otherwise` columns.
template <class Value>
int answer(const Value& value, render::Format format, size_t otherwise = kPipeWidth) {
  const auto style = style_of(STDOUT_FILENO, otherwise);
  return answer_in_parts([&](const render::Sink& sink) { write(value, format, style, sink); });
}

// "whywait: …" on stderr. Repeats nothing, adds a newline.
void complain(std::string_view what);

// A message as it is, on stderr.
void note(std::string_view text);

}  // namespace whywait::cli
