#include "cli/new_file.h"

#include "render/printable.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace whywait::cli {
namespace {

namespace fs = std::filesystem;

std::string failure(const std::string& path, int error) {
  return fmt::format("{} cannot be written: {}. Nothing was saved.", render::printable(path),
                     std::generic_category().message(error));
}

std::string directory_of(const std::string& path) {
  const auto parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

// Something else than a file stands there, and bytes can be sent through it.
bool is_channel(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && (S_ISCHR(info.st_mode) || S_ISFIFO(info.st_mode));
}

std::string exists_already(const std::string& path) {
  return fmt::format("{} exists already. --force replaces it.", render::printable(path));
}

// A file that appeared in the meantime stays, unless it may be replaced.
int give_name(const std::string& from, const std::string& to, bool force) {
  if (!force) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;  // those: a file system that cannot promise it
  }
  return rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

std::optional<std::string> why_not_new(const std::string& path, bool force) {
  struct stat info {};
  const auto directory = directory_of(path);
  if (stat(directory.c_str(), &info) != 0) return failure(path, errno);
  if (!S_ISDIR(info.st_mode)) return failure(path, ENOTDIR);
  if (lstat(path.c_str(), &info) != 0)
    return errno == ENOENT ? std::nullopt : std::optional(failure(path, errno));
  if (S_ISDIR(info.st_mode)) return failure(path, EISDIR);
  if (!force) return exists_already(path);
  const bool is_fit = S_ISREG(info.st_mode) || S_ISLNK(info.st_mode) || is_channel(path);
  return is_fit ? std::nullopt : std::optional(failure(path, EINVAL));
}

tl::expected<NewFile, std::string> NewFile::open(const std::string& path, bool force) {
  if (auto why = why_not_new(path, force)) return tl::unexpected(std::move(*why));
  NewFile out(path, force);
  if (is_channel(path)) {
    out.fd_ = linux_os::Fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!out.fd_) return tl::unexpected(failure(path, errno));
    if (isatty(out.fd_.get()) != 0) return tl::unexpected(failure(path, EINVAL));
    return out;
  }
  auto name = directory_of(path) + "/.whywait.XXXXXX";
  out.fd_ = linux_os::Fd(mkostemp(name.data(), O_CLOEXEC));  // of mode 0600
  if (!out.fd_) return tl::unexpected(failure(path, errno));
  out.temporary_ = std::move(name);
  return out;
}

NewFile::~NewFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

bool NewFile::write(std::string_view bytes) {
  while (error_ == 0 && !bytes.empty()) {
    const auto n = ::write(fd_.get(), bytes.data(), bytes.size());
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  return error_ == 0;
}

std::optional<std::string> NewFile::finish() {
  // Some file systems report only now that they are full.
  if (error_ == 0 && !temporary_.empty() && fsync(fd_.get()) != 0) error_ = errno;
  if (error_ == 0 && close(fd_.release()) != 0) error_ = errno;
  if (error_ == 0 && !temporary_.empty()) error_ = give_name(temporary_, path_, force_);
  if (error_ == EEXIST) return exists_already(path_);
  if (error_ != 0) return failure(path_, error_);
  temporary_.clear();
  return std::nullopt;
}

}  // namespace whywait::cli
