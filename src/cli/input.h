// Bytes to read: a file, a pipe, a terminal.
#pragma once

#include "linux/fd.h"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace whywait::cli {

class Input {
 public:
  // "-" is standard input. An error is a message.
  static tl::expected<Input, std::string> open(const std::string& name);

  // The first bytes, which tell what it is; read() gives them as well. 16 where there are as many.
  std::string_view beginning() const { return beginning_; }

  // Fills the room as far as it likes, and waits where nothing has come yet. 0: there is no more, or reading
  // failed.
  size_t read(std::span<char> room);
  // Why reading failed, as a message; nothing where it did not.
  std::optional<std::string> failure() const;

  bool is_pipe() const { return is_pipe_; }
  // When a file was changed last; nothing of what is no file.
  std::optional<std::chrono::system_clock::time_point> changed_at() const { return changed_at_; }

 private:
  explicit Input(std::string name) : name_(std::move(name)) {}
  size_t read_more(std::span<char> room);
  bool fill();

  std::string name_;
  linux_os::Fd fd_;
  bool is_pipe_ = false;
  std::optional<std::chrono::system_clock::time_point> changed_at_;
  std::string beginning_;
  size_t given_ = 0;
  int error_ = 0;
};

}  // namespace whywait::cli
