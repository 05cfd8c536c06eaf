// stdout is the answer, stderr is for messages.
#pragma once

#include "render/chunks.h"
#include "render/page.h"
#include "render/style.h"

#include <functional>
#include <string_view>

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

// "whywait: …" on stderr. Repeats nothing, adds a newline.
void complain(std::string_view what);

// A message as it is, on stderr.
void note(std::string_view text);

}  // namespace whywait::cli
