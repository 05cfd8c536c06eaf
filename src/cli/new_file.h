// Writes a file that appears complete or not at all.
#pragma once

#include "linux/fd.h"

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace whywait::cli {

// Why a file of this name cannot be created, what that means and what to do; nothing if it can.
std::optional<std::string> why_not_new(const std::string& path, bool force);

// A new file with mode 0600. It is written under a temporary name in the same folder and renamed at the end.
// A device or a pipe is written directly.
class NewFile {
 public:
  // On failure returns a complete error message.
  static tl::expected<NewFile, std::string> open(const std::string& path, bool force);

  NewFile(NewFile&&) noexcept = default;
  NewFile& operator=(NewFile&&) = delete;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  // False after an error; finish() returns its message.
  bool write(std::string_view bytes);
  std::optional<std::string> finish();

 private:
  NewFile(std::string path, bool force) : path_(std::move(path)), force_(force) {}

  std::string path_;
  std::string temporary_;  // empty if the file is written directly or nothing is left to remove
  linux_os::Fd fd_;
  bool force_;
  int error_ = 0;
};

}  // namespace whywait::cli
