#include "lab/child.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>

namespace whywait::lab {
namespace {

// A message in the pipe: of fixed size and written at once (PIPE_BUF).
struct Wire {
  int32_t number = 0;
  std::array<char, 1020> trouble{};
};
static_assert(sizeof(Wire) <= PIPE_BUF);

}  // namespace

void throw_errno(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("cannot make a pipe");
  return {.out = Fd(ends[0]), .in = Fd(ends[1])};
}

void tell(const Fd& pipe, const Message& message) {
  Wire wire{.number = message.number};
  std::copy_n(message.trouble.begin(), std::min(message.trouble.size(), wire.trouble.size() - 1),
              wire.trouble.begin());
  // A failure to write means that the reader is gone, so there is no one to report it to.
  [[maybe_unused]] const ssize_t written = ::write(pipe.get(), &wire, sizeof wire);
}

std::optional<Message> hear(const Fd& pipe, std::chrono::milliseconds patience) {
  const Deadline end(patience);
  pollfd waiting{.fd = pipe.get(), .events = POLLIN, .revents = 0};
  int ready = 0;
  do {
    ready = ::poll(&waiting, 1, static_cast<int>(end.left().count()));
  } while (ready < 0 && errno == EINTR && !end.passed());
  Wire wire;
  if (ready <= 0 || ::read(pipe.get(), &wire, sizeof wire) != sizeof wire) return std::nullopt;
  return Message{.number = wire.number, .trouble = wire.trouble.data()};
}

void die_with(pid_t parent) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) throw_errno("PR_SET_PDEATHSIG");
  if (::getppid() != parent) ::_exit(1);  // it had died before
}

void start_child(const char* name, const std::function<void()>& work) {
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw_errno("fork");
  if (child > 0) return;
  try {
    die_with(parent);
    if (::prctl(PR_SET_NAME, name) != 0) throw_errno("PR_SET_NAME");
    work();
  } catch (const std::exception&) {
    ::_exit(1);
  }
  ::_exit(0);
}

}  // namespace whywait::lab
