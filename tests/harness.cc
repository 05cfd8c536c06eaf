#include "harness.h"

#include "lab/private_network.h"
#include "testing/schemas.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::testing {
namespace {

// No other process of the machine is this user's.
constexpr uid_t kNobody = 64987;
constexpr std::chrono::seconds kLongest{60};

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  return {ends[0], ends[1]};
}

Pipe make_terminal(unsigned columns) {
  winsize size{};
  size.ws_row = 24;
  size.ws_col = static_cast<unsigned short>(columns);
  Pipe p;
  if (openpty(&p.read_end, &p.write_end, nullptr, nullptr, &size) != 0) fail("openpty");
  return p;
}

Pipe stdout_of(const How& how) {
  if (how.terminal_columns) return make_terminal(*how.terminal_columns);
  if (!how.stdout_file) return make_pipe();
  const int fd = open(how.stdout_file->c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) fail("open");
  return {-1, fd};
}

void become_nobody() {
  if (setgroups(0, nullptr) != 0 || setgid(kNobody) != 0 || setuid(kNobody) != 0) _exit(126);
}

// Executes through a descriptor, because an ordinary user may not be able to enter the folder of the tree.
[[noreturn]] void start(int binary, const std::vector<std::string>& arguments, const How& how, int out,
                        int err) {
  signal(SIGPIPE, SIG_DFL);
  if (how.before) how.before();
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (how.as_nobody) become_nobody();
  for (const auto& e : how.environment) putenv(const_cast<char*>(e.c_str()));    // NOLINT
  std::vector<char*> argv{const_cast<char*>("whywait")};                         // NOLINT
  for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));  // NOLINT
  argv.push_back(nullptr);
  fexecve(binary, argv.data(), environ);
  _exit(127);
}

// Both streams until their ends, or until it has taken too long.
void read_all(Pipe out, Pipe err, pid_t child, Result& result) {
  std::array<std::pair<int, std::string*>, 2> streams = {
      {{out.read_end, &result.out}, {err.read_end, &result.err}}};
  const auto end = std::chrono::steady_clock::now() + kLongest;
  std::array<char, 65536> buffer{};
  while (streams[0].first >= 0 || streams[1].first >= 0) {
    std::array<pollfd, 2> polled = {{{streams[0].first, POLLIN, 0}, {streams[1].first, POLLIN, 0}}};
    poll(polled.data(), polled.size(), 1000);
    if (std::chrono::steady_clock::now() > end) {
      kill(child, SIGKILL);
      throw std::runtime_error("whywait took longer than a minute");
    }
    for (size_t i = 0; i < streams.size(); ++i) {
      if (polled.at(i).revents == 0) continue;
      const auto n = read(streams.at(i).first, buffer.data(), buffer.size());
      if (n > 0) {
        streams.at(i).second->append(buffer.data(), static_cast<size_t>(n));
      } else {  // the end; EIO from a terminal whose other side is closed
        close(streams.at(i).first);
        streams.at(i).first = -1;
      }
    }
  }
}

// Every answer in JSON that the tests of this process were given, each with the test that asked.
class Answers : public ::testing::Environment {
 public:
  void add(std::string json) {
    const std::lock_guard lock(mutex_);
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    const auto name = test == nullptr ? "" : std::string(test->test_suite_name()) + "." + test->name();
    all_.emplace_back(name, std::move(json));
  }
  void TearDown() override {
    if (!has_schemas()) return;
    EXPECT_EQ(complaints_of_schemas(all_), "");
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> all_;
};

// GoogleTest deletes it.
// NOLINTNEXTLINE(cert-err58-cpp, *-non-const-global-variables)
auto* const answers = static_cast<Answers*>(::testing::AddGlobalTestEnvironment(new Answers));

}  // namespace

Result whywait(const std::vector<std::string>& arguments, const How& how) {
  const int binary = open(WHYWAIT_BINARY, O_RDONLY | O_CLOEXEC);
  if (binary < 0) fail(WHYWAIT_BINARY);
  auto out = stdout_of(how);
  const auto err = make_pipe();
  if (how.stdout_closed_early) {
    close(out.read_end);
    out.read_end = -1;
  }
  const pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) start(binary, arguments, how, out.write_end, err.write_end);
  close(binary);
  close(out.write_end);
  close(err.write_end);
  Result result;
  read_all(out, err, child, result);
  int status = 0;
  if (waitpid(child, &status, 0) != child) fail("waitpid");
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (result.status == 0 && std::find(arguments.begin(), arguments.end(), "--json") != arguments.end())
    answers->add(result.out);
  return result;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();  // of a terminal
    out.push_back(line);
  }
  return out;
}

int listen_on(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(fd, 8) != 0) _exit(99);
  return fd;
}

How beside_listener(const std::string& name) {
  return {.before = [name] {
    lab::enter_private_network();
    const int fd = listen_on(7777);
    const pid_t parent = getpid();
    if (fork() == 0) {
      prctl(PR_SET_NAME, name.c_str());
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (int i = 0; i < 600 && getppid() == parent; ++i) usleep(100'000);
      _exit(0);
    }
    usleep(100'000);
    close(fd);
  }};
}

bool has_private_network() {
  const auto r = whywait({"--version"}, {.before = [] {
                           try {
                             lab::enter_private_network();
                           } catch (const std::exception&) {
                             _exit(77);
                           }
                         }});
  return r.status == 0;
}

}  // namespace whywait::testing
