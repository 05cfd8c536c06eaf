#include "render/chunks.h"

namespace whywait::render {

void Chunks::put_long(std::string_view text) {
  for (; text.size() > kSize; text.remove_prefix(kSize)) put(text.substr(0, kSize));
  put(text);
}

bool Chunks::finish() {
  hand_over();
  return !refused_;
}

void Chunks::hand_over() {
  if (used_ > 0 && !refused_) refused_ = !sink_({buffer_.data(), used_});
  used_ = 0;
}

}  // namespace whywait::render
