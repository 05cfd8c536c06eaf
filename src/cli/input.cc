#include "cli/input.h"

#include "cli/output.h"
#include "render/printable.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace whywait::cli {
namespace {

using render::printable;

constexpr size_t kEnough = 16;

std::string reason(int error) { return std::generic_category().message(error); }

// Nothing where it is a file, a pipe or a terminal.
std::optional<std::string> why_unreadable(const struct stat& status) {
  if (S_ISDIR(status.st_mode)) return "is a directory: name the file in it";
  if (S_ISSOCK(status.st_mode)) return "is a socket: name a file with a dump";
  if (S_ISBLK(status.st_mode)) return "is a disk: name a file with a dump";
  return std::nullopt;
}

linux_os::Fd descriptor_of(const std::string& name) {
  if (name == "-") return linux_os::Fd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  // open() would wait for ever on a FIFO without a writer.
  return linux_os::Fd(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

// Waits where nothing has come yet: a FIFO was opened so that it does not wait.
ssize_t read_some(int fd, std::span<char> room) {
  while (true) {
    const auto n = ::read(fd, room.data(), room.size());
    if (n >= 0) return n;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return -1;
    pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, -1) < 0 && errno != EINTR) return -1;
  }
}

}  // namespace

tl::expected<Input, std::string> Input::open(const std::string& name) {
  Input out(name);
  out.fd_ = descriptor_of(name);
  if (!out.fd_) {
    const auto* what_to_do = errno == ENOENT   ? "is the path right?"
                             : errno == EACCES ? "may this user read it?"
                                               : "name a file with a dump, or - for standard input";
    return tl::unexpected(
        fmt::format("{} cannot be opened: {}; {}", printable(name), reason(errno), what_to_do));
  }
  struct stat status {};
  if (::fstat(out.fd_.get(), &status) != 0)
    return tl::unexpected(fmt::format("{} cannot be read: {}", printable(name), reason(errno)));
  if (const auto why = why_unreadable(status))
    return tl::unexpected(fmt::format("{} {}", printable(name), *why));
  if (name == "-" && ::isatty(STDIN_FILENO) != 0)
    note("whywait: reading what you paste; end it with Enter and Ctrl-D.\n");
  out.is_pipe_ = S_ISFIFO(status.st_mode);
  if (S_ISREG(status.st_mode))
    out.changed_at_ = std::chrono::system_clock::from_time_t(status.st_mtim.tv_sec);
  while (out.beginning_.size() < kEnough && out.fill()) {
  }
  return out;
}

size_t Input::read(std::span<char> room) {
  const auto left = beginning_.size() - given_;
  if (left == 0) return read_more(room);
  const auto n = std::min(left, room.size());
  std::copy_n(beginning_.data() + given_, n, room.data());
  given_ += n;
  return n;
}

std::optional<std::string> Input::failure() const {
  if (error_ == 0) return std::nullopt;
  return fmt::format("reading {} failed: {}; what was read of it is not used", printable(name_),
                     reason(error_));
}

size_t Input::read_more(std::span<char> room) {
  const auto n = read_some(fd_.get(), room);
  if (n < 0) error_ = errno;
  return static_cast<size_t>(std::max<ssize_t>(n, 0));
}

bool Input::fill() {
  std::array<char, kEnough> room{};
  const auto n = read_more(room);
  beginning_.append(room.data(), n);
  return n > 0;
}

}  // namespace whywait::cli
