// Output: answers go to stdout, messages to stderr.
#pragma once

#include "render/formats.h"

#include <functional>
#include <string_view>

#include <unistd.h>

namespace whywait::cli {

// The width of prose in columns if the output is not a terminal.
inline constexpr size_t kPipeWidth = 100;

// For a terminal: its width, with colour unless NO_COLOR or TERM=dumb is set. For a file or a pipe:
// `otherwise` columns without colour.
render::Style style_of(int fd, size_t otherwise);

// Writes the whole answer. Returns 1 without a message if the reader has closed its end, and 1 with a message
// after any other failure.
int answer(std::string_view text);
// The same for an answer in parts. After a failure the sink refuses further parts.
int answer_in_parts(const std::function<void(const render::Sink&)>& write);
// The same of the result value of a command. Text is as wide as the terminal, or `otherwise` columns.
template <class Value>
int answer(const Value& value, render::Format format, size_t otherwise = kPipeWidth) {
  const auto style = style_of(STDOUT_FILENO, otherwise);
  return answer_in_parts([&](const render::Sink& sink) { write(value, format, style, sink); });
}

// Prints "whywait: …" and a newline on stderr.
void complain(std::string_view what);

// Prints a message unchanged on stderr.
void note(std::string_view text);

}  // namespace whywait::cli
