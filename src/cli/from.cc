#include "cli/from.h"

#include "cli/output.h"
#include "linux/fd.h"
#include "sources/pasted/dump.h"
#include "sources/saved/saved.h"

#include <algorithm>
#include <array>
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

struct File {
  std::string name;
  linux_os::Fd fd;
  struct stat status {};
};

std::string reason(int error) { return std::generic_category().message(error); }

// Nothing where it is a file, a pipe or a terminal.
std::optional<std::string> why_unreadable(const struct stat& status) {
  if (S_ISDIR(status.st_mode)) return "is a directory: name the file in it";
  if (S_ISSOCK(status.st_mode)) return "is a socket: name a file with a dump";
  if (S_ISBLK(status.st_mode)) return "is a disk: name a file with a dump";
  return std::nullopt;
}

std::optional<File> open(const std::string& name) {
  File file{.name = name};
  if (name == "-") {
    file.fd = linux_os::Fd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  } else {
    // Of a FIFO into which nobody writes, open() would wait for ever.
    file.fd = linux_os::Fd(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  }
  if (file.fd.get() < 0) {
    const auto* what_to_do = errno == ENOENT   ? "is the path right?"
                             : errno == EACCES ? "may this user read it?"
                                               : "name a file with a dump, or - for standard input";
    complain(fmt::format("{} cannot be opened: {}; {}", printable(name), reason(errno), what_to_do));
    return std::nullopt;
  }
  if (::fstat(file.fd.get(), &file.status) != 0) {
    complain(fmt::format("{} cannot be read: {}", printable(name), reason(errno)));
    return std::nullopt;
  }
  if (const auto why = why_unreadable(file.status)) {
    complain(fmt::format("{} {}", printable(name), *why));
    return std::nullopt;
  }
  if (name == "-" && ::isatty(STDIN_FILENO) != 0) {
    note("whywait: reading what you paste; end it with Enter and Ctrl-D.\n");
  }
  return file;
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

struct Magic {
  std::string_view bytes;
  std::string_view what;
  std::string_view how;
};
constexpr Magic kPacked[] = {{"\x1f\x8b", "gzip", "zcat"},
                             {"\xfd"
                              "7zXZ",
                              "xz", "xzcat"},
                             {"BZh", "bzip2", "bzcat"},
                             {"PK\x03\x04", "zip", "unzip -p"}};

// What is known of the file, put together with what it says.
std::string why_no_rows(const File& file, const pasted::Dump& dump, std::string_view beginning,
                        std::string_view format) {
  const auto name = printable(file.name);
  for (const auto& magic : kPacked) {
    if (beginning.starts_with(magic.bytes))
      return fmt::format("{} is packed ({}): {} {} | whywait --from -", name, magic.what, magic.how, name);
  }
  if (beginning.empty())
    return fmt::format("{} {}", name,
                       S_ISFIFO(file.status.st_mode)
                           ? "nothing came out of it: does something write into it?"
                           : "is empty: run the command again that should have written it");
  if (dump.skipped.empty())
    return fmt::format(
        "{} has no line that tells of a TCP socket. On that system: ss -tanpe, netstat -ano (Windows), "
        "lsof -nP -iTCP",
        name);
  const auto& first = dump.skipped.front();
  if (first.why == pasted::Why::Binary)
    return fmt::format(
        "{} is binary, line {} on: what a command prints is wanted, such as ss -tanpe or netstat -ano", name,
        first.line);
  if (!format.empty())
    return fmt::format(
        "{} has no line of the format {}; the first, line {}: '{}'. Without --format it is recognised by "
        "content",
        name, format, first.line, printable(first.text));
  return fmt::format(
      "{}: no line of it is of a format that is known here; the first that puzzles, line {}: '{}'\n"
      "Known are:\n{}--format forces one of them.",
      name, first.line, printable(first.text), pasted::list_of_formats());
}

std::string_view in_words(pasted::Why why) {
  switch (why) {
    case pasted::Why::NotUnderstood: return "not understood";
    case pasted::Why::Unclear: return "a column of it makes no sense";
    case pasted::Why::TooLong: return "too long";
    case pasted::Why::Binary: return "binary";
    case pasted::Why::OtherHost: return "of another host: read it from a file of its own";
  }
  return "";
}

void show(const std::vector<pasted::Skipped>& skipped, uint64_t prose, std::string_view name) {
  std::string text;
  for (const auto& s : skipped) {
    text += fmt::format("{}:{}: {}: {}\n", printable(name), s.line, in_words(s.why), printable(s.text));
  }
  if (text.empty()) text = fmt::format("{}: no line was skipped\n", printable(name));
  if (prose > 0)
    text += fmt::format("{}: {} {} title or text without a row\n", printable(name), prose,
                        prose == 1 ? "line is a" : "lines are");
  note(text);
}

// The bytes of a file, the first of which tell what it is.
class Bytes {
 public:
  explicit Bytes(int fd) : fd_(fd) {
    while (beginning_.size() < kEnough && fill()) {
    }
  }

  std::string_view beginning() const { return beginning_; }
  int error() const { return error_; }

  size_t read(std::span<char> room) {
    const auto left = beginning_.size() - given_;
    if (left == 0) return read_more(room);
    const auto n = std::min(left, room.size());
    std::copy_n(beginning_.data() + given_, n, room.data());
    given_ += n;
    return n;
  }

 private:
  static constexpr size_t kEnough = 16;

  size_t read_more(std::span<char> room) {
    const auto n = read_some(fd_, room);
    if (n < 0) error_ = errno;
    return static_cast<size_t>(std::max<ssize_t>(n, 0));
  }
  bool fill() {
    std::array<char, kEnough> room{};
    const auto n = read_more(room);
    beginning_.append(room.data(), n);
    return n > 0;
  }

  int fd_;
  int error_ = 0;
  std::string beginning_;
  size_t given_ = 0;
};

bool has_failed(const File& file, const Bytes& bytes) {
  if (bytes.error() == 0) return false;
  complain(fmt::format("reading {} failed: {}; what was read of it is not used", printable(file.name),
                       reason(bytes.error())));
  return true;
}

std::optional<Facts> read_saved(const File& file, Bytes& bytes) {
  auto facts = saved::read([&](std::span<char> room) { return bytes.read(room); });
  if (has_failed(file, bytes)) return std::nullopt;
  if (facts) return std::move(*facts);
  complain(fmt::format("{} {}", printable(file.name), facts.error()));
  return std::nullopt;
}

std::optional<Facts> read_dump(const File& file, Bytes& bytes, const From& from) {
  auto dump = pasted::read([&](std::span<char> room) { return bytes.read(room); },
                           {.format = from.format, .keep_skipped = from.show_skipped});
  if (has_failed(file, bytes)) return std::nullopt;
  if (from.show_skipped) show(dump.skipped, dump.facts.dump->header_lines, file.name);
  if (dump.has_nothing()) {
    complain(why_no_rows(file, dump, bytes.beginning(), from.format));
    return std::nullopt;
  }
  auto& facts = dump.facts;
  if (!dump.skipped.empty())
    facts.dump->first_skipped =
        fmt::format("line {}: {}", dump.skipped.front().line, dump.skipped.front().text);
  const bool is_file = S_ISREG(file.status.st_mode);
  facts.taken_at = is_file ? std::chrono::system_clock::from_time_t(file.status.st_mtim.tv_sec)
                           : std::chrono::system_clock::now();
  if (facts.host.empty())
    facts.host = file.name == "-" ? "standard input" : file.name.substr(file.name.rfind('/') + 1);
  return std::move(facts);
}

}  // namespace

std::optional<std::vector<Facts>> facts_from(const From& from) {
  if (std::count(from.files.begin(), from.files.end(), "-") > 1) {
    complain("standard input can be read once: give the other dump as a file");
    return std::nullopt;
  }
  std::vector<Facts> out;
  for (const auto& name : from.files) {
    auto file = open(name);
    if (!file) return std::nullopt;
    Bytes bytes(file->fd.get());
    auto facts =
        saved::is_saved(bytes.beginning()) ? read_saved(*file, bytes) : read_dump(*file, bytes, from);
    if (!facts) return std::nullopt;
    facts->file = file->name;
    out.push_back(std::move(*facts));
  }
  return out;
}

}  // namespace whywait::cli
