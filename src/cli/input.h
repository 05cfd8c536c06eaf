// Reads bytes from a file, a pipe or a terminal.
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

  // The first bytes, at most 16, which identify the format. read() returns them again.
  std::string_view beginning() const { return beginning_; }

  // Fills part or all of the span and returns the number of bytes; it blocks until there are some. 0 at the
  // end or after an error.
  size_t read(std::span<char> room);
  // The error message of a failed read; nothing if reading has not failed.
  std::optional<std::string> failure() const;

  bool is_pipe() const { return is_pipe_; }
  // The time of the last change of a file; nothing for a pipe or a device.
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
