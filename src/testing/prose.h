// A page without its commands, which are never parted, so that no width binds them.
#pragma once

#include "render/page.h"

namespace whywait::testing {

inline render::Page prose_of(const render::Page& page) {
  render::Page out;
  for (const auto& part : page.parts()) {
    if (const auto* line = std::get_if<render::Line>(&part))
      out.section(line->label.text, line->label.tone).line(line->runs);
    if (const auto* drawing = std::get_if<render::Drawing>(&part)) out.drawing(*drawing);
  }
  return out;
}

}  // namespace whywait::testing
