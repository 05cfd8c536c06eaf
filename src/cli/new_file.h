// A file that is there whole, or not at all.
#pragma once

#include "linux/fd.h"

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace whywait::cli {

// Why a file of this name may not be made, what that means and what to do; nothing where it may.
std::optional<std::string> why_not_new(const std::string& path, bool force);

// For its owner alone. Written under another name beside it, and given its own at the end. What is no file
// but a device or a pipe is written to as it is.
class NewFile {
 public:
  // Or an error, of which the text is whole.
  static tl::expected<NewFile, std::string> open(const std::string& path, bool force);

  NewFile(NewFile&&) noexcept = default;
  NewFile& operator=(NewFile&&) = delete;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  // False after an error, which finish() tells.
  bool write(std::string_view bytes);
  std::optional<std::string> finish();

 private:
  NewFile(std::string path, bool force) : path_(std::move(path)), force_(force) {}

  std::string path_;
  std::string temporary_;  // empty: it is written to directly, or nothing is left to be removed
  linux_os::Fd fd_;
  bool force_;
  int error_ = 0;
};

}  // namespace whywait::cli
