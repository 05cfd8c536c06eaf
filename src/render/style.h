// The properties of the output for which a page is written.
#pragma once

#include <cstddef>

namespace whywait::render {

struct Style {
  size_t width = 100;  // in columns; 0: do not wrap
  bool colour = false;
};

}  // namespace whywait::render
