// What a page is written for.
#pragma once

#include <cstddef>

namespace whywait::render {

struct Style {
  size_t width = 100;  // columns; 0: never wrap
  bool colour = false;
};

}  // namespace whywait::render
