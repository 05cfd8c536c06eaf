// Writes pages as text for a terminal, a pipe or a file.
#pragma once

#include "render/page.h"
#include "render/style.h"

#include <string>
#include <string_view>

namespace whywait::render {

// Wraps lines at blanks and indents them below the text. Never wraps a command; a comment continues in lines
// that are comments too.
std::string text_of(const Page& page, const Style& style);

std::string paint(std::string_view text, Tone tone, const Style& style);

}  // namespace whywait::render
