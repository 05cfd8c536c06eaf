// The output formats of an answer.
#pragma once

#include <cstdint>

namespace whywait::render {

enum class Format : uint8_t { Text, Json };

}  // namespace whywait::render
