#include "cli/output.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace whywait::cli {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here sets it
  return value == nullptr ? "" : value;
}

int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    text.remove_prefix(static_cast<size_t>(n));
  }
  return 0;
}

}  // namespace

render::Style style_of(int fd, size_t otherwise) {
  if (isatty(fd) == 0) return {.width = otherwise, .colour = false};
  constexpr size_t kUsual = 80;
  constexpr size_t kLeast = 30;
  winsize size{};
  const bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return {.width = known ? std::max<size_t>(size.ws_col, kLeast) : kUsual,
          .colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb"};
}

int answer(std::string_view text) {
  return answer_in_parts([&](const render::Sink& sink) { sink(text); });
}

int answer_in_parts(const std::function<void(const render::Sink&)>& write) {
  int error = 0;
  write([&](std::string_view part) {
    error = write_all(STDOUT_FILENO, part);
    return error == 0;
  });
  if (error == 0) return 0;
  if (error != EPIPE) {
    complain(fmt::format("cannot write output: {}", std::generic_category().message(error)));
  }
  return 1;
}

void complain(std::string_view what) { note(fmt::format("whywait: {}\n", what)); }

void note(std::string_view text) {
  // There is nowhere left to report a failure of this.
  [[maybe_unused]] const int error = write_all(STDERR_FILENO, text);
}

}  // namespace whywait::cli
