// Writes an answer that is too long to be held in memory.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

namespace whywait::render {

// Takes the next part of an answer; returns false to refuse any more.
using Sink = std::function<bool(std::string_view)>;

inline char* append(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

// Gathers small parts into chunks. Once the sink has refused one, all further parts are dropped, so a writer
// of rows should check refused() now and then.
class Chunks {
 public:
  static constexpr size_t kSize = 64UL * 1024;  // the capacity of a pipe

  explicit Chunks(const Sink& sink) : sink_(sink), buffer_(kSize, '\0') {}

  // Returns room for `size` bytes, at most kSize. The caller writes there and then calls end() with the end
  // of what it wrote.
  char* room(size_t size) {
    if (kSize - used_ < size) hand_over();
    return buffer_.data() + used_;
  }
  void end(const char* end) { used_ = static_cast<size_t>(end - buffer_.data()); }

  void put(std::string_view text) {
    if (text.size() > kSize) return put_long(text);
    end(append(room(text.size()), text));
  }

  // Passes on the last chunk. False if the sink refused this part or an earlier one.
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
