// Pages as text for a terminal, a pipe or a file.
#pragma once

#include "render/page.h"
#include "render/style.h"

#include <string>
#include <string_view>

namespace whywait::render {

// Lines are wrapped at blanks, under the text beside the label. Commands are never wrapped; a comment goes on
// in lines that are comments as well.
std::string text_of(const Page& page, const Style& style);

std::string paint(std::string_view text, Tone tone, const Style& style);

}  // namespace whywait::render
