// An answer that is too long to be held whole, on its way out.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

namespace whywait::render {

// Takes the next part of an answer; false: no more of it is wanted.
using Sink = std::function<bool(std::string_view)>;

inline char* append(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

// Gathers small parts into chunks. Once the sink has refused one, all that follows is dropped: who writes
// rows asks refused() now and then.
class Chunks {
 public:
  static constexpr size_t kSize = 64UL * 1024;  // what a pipe holds

  explicit Chunks(const Sink& sink) : sink_(sink), buffer_(kSize, '\0') {}

  // Where up to `size` bytes, no more than kSize, may be written; end() tells where they ended.
  char* room(size_t size) {
    if (kSize - used_ < size) hand_over();
    return buffer_.data() + used_;
  }
  void end(const char* end) { used_ = static_cast<size_t>(end - buffer_.data()); }

  void put(std::string_view text) {
    if (text.size() > kSize) return put_long(text);
    end(append(room(text.size()), text));
  }

  // Hands over what is left. False where the sink refused this or an earlier part.
  bool finish();
  bool refused() const { return refused_; }

 private:
  void put_long(std::string_view text);
  void hand_over();

  const Sink& sink_;
  std::string buffer_;
  size_t used_ = 0;
  bool refused_ = false;
};

}  // namespace whywait::render
