// What this machine's own tools print of sockets reads as those sockets: netstat in the languages that it
// has, ss, lsof, busybox and the kernel's files, each next to whywait's own look at the same moment.
#include "harness.h"
#include "lab/private_network.h"

#include <array>
#include <csignal>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/tcp.h>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::testing {
namespace {

using Json = nlohmann::json;

// On the stage: what cannot be had ends the process, and the test with it.

void must(bool done) {
  if (!done) _exit(98);
}

struct Place {
  sockaddr_storage address{};
  socklen_t length = 0;
  const sockaddr* at() const { return reinterpret_cast<const sockaddr*>(&address); }
};

// An address with ':' is of IPv6.
Place place(const char* address, uint16_t port) {
  Place p;
  if (std::strchr(address, ':') == nullptr) {
    auto& in = reinterpret_cast<sockaddr_in&>(p.address);
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    must(inet_pton(AF_INET, address, &in.sin_addr) == 1);
    p.length = sizeof in;
  } else {
    auto& in = reinterpret_cast<sockaddr_in6&>(p.address);
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(port);
    must(inet_pton(AF_INET6, address, &in.sin6_addr) == 1);
    p.length = sizeof in;
  }
  return p;
}

int new_socket(const Place& p, int flags = 0) {
  const int fd = socket(p.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  must(fd >= 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return fd;
}

int listener(const char* address, uint16_t port, int backlog) {
  const auto p = place(address, port);
  const int fd = new_socket(p);
  must(bind(fd, p.at(), p.length) == 0 && listen(fd, backlog) == 0);
  return fd;
}

int client(const char* address, uint16_t port) {
  const auto p = place(address, port);
  const int fd = new_socket(p);
  must(connect(fd, p.at(), p.length) == 0);
  return fd;
}

int accepted(int listening) {
  const int fd = accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
  must(fd >= 0);
  return fd;
}

void send_text(int fd, std::string_view text) {
  must(send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
}

void keep_alive(int fd) {
  const int on = 1;
  must(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0);
}

// Of one family: a quiet pair, one with bytes unread, a half-closed one with the FIN read and one with it
// unread, one that nobody accepted, one that was closed on both sides.
void pairs(const char* address, const char* to, uint16_t port) {
  const int listening = listener(address, port, 16);
  const auto pair = [&] {
    const int mine = client(to, port);
    return std::pair(mine, accepted(listening));
  };
  const auto quiet = pair();
  keep_alive(quiet.first);
  send_text(pair().first, "unread");
  const auto half = pair();
  must(shutdown(half.first, SHUT_WR) == 0);
  char byte = 0;
  must(recv(half.second, &byte, 1, 0) == 0);
  const auto unread = pair();
  send_text(unread.first, "last words");
  must(shutdown(unread.first, SHUT_WR) == 0);
  const auto over = pair();
  close(over.first);
  must(recv(over.second, &byte, 1, 0) == 0);
  close(over.second);
  client(to, port);
}

// One waits in a queue of one, so the next gets no answer.
void knock_in_vain(uint16_t port) {
  listener("127.0.0.1", port, 0);
  client("127.0.0.1", port);
  const auto p = place("127.0.0.1", port);
  must(connect(new_socket(p, SOCK_NONBLOCK), p.at(), p.length) != 0);
}

constexpr const char* kLong = "2001:db8:1:2:3:4:5:6";  // its column in netstat is too narrow for it

[[noreturn]] void stand(int ready, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(97);
  try {
    lab::enter_private_network();
  } catch (const std::exception&) {
    _exit(77);
  }
  must(system(fmt::format("ip -6 addr add {}/128 dev lo nodad", kLong).c_str()) == 0);  // NOLINT
  pairs("127.0.0.1", "127.0.0.1", 7001);
  pairs("::1", "::1", 7002);
  pairs("::", "::ffff:127.0.0.1", 7003);  // mapped addresses on both sides
  pairs(kLong, kLong, 7004);
  knock_in_vain(7005);
  // A second holder of everything.
  const pid_t self = getpid();
  if (fork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != self) _exit(97);
    while (true) pause();
  }
  must(write(ready, "!", 1) == 1);
  while (true) pause();
}

// A network of its own, in which these sockets stand for as long as this does.
class Stage {
 public:
  Stage() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) stand(ends[1], parent);
    close(ends[1]);
    char byte = 0;
    stands_ = read(ends[0], &byte, 1) == 1;
    close(ends[0]);
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  bool stands() const { return stands_; }
  // For a child process of the test: from here on in that network.
  void enter() const {
    const int ns = open(fmt::format("/proc/{}/ns/net", pid_).c_str(), O_RDONLY | O_CLOEXEC);
    must(setns(ns, CLONE_NEWNET) == 0);
    close(ns);
  }
  uint64_t netns() const {
    struct stat status {};
    stat(fmt::format("/proc/{}/ns/net", pid_).c_str(), &status);
    return status.st_ino;
  }

 private:
  pid_t pid_ = -1;
  bool stands_ = false;
};

struct Dumped {
  int status = -1;
  std::string text;
};

// A command of a shell, in that network.
Dumped run(const Stage& stage, const std::string& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    stage.enter();
    dup2(ends[1], STDOUT_FILENO);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  Dumped out;
  std::array<char, 65536> buffer{};
  for (ssize_t n = 0; (n = read(ends[0], buffer.data(), buffer.size())) > 0;)
    out.text.append(buffer.data(), static_cast<size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return out;
}

using Ends = std::tuple<std::string, Json, std::string, Json>;
using Rows = std::map<Ends, Json>;

Ends ends_of(const Json& row) {
  const auto& local = row.at("local");
  const auto& remote = row.at("remote");
  return {local.at("address"), local.at("port"), remote.at("address"), remote.at("port")};
}

Rows rows_of(const std::string& json_lines) {
  Rows out;
  for (const auto& line : lines_of(json_lines)) {
    const auto row = Json::parse(line);
    out[ends_of(row)] = row;
  }
  return out;
}

Rows live(const Stage& stage) {
  Rows out;
  for (auto& [ends, row] : rows_of(whywait({"list", "--json"}).out)) {
    if (row.at("netns") == stage.netns()) out[ends] = row;
  }
  return out;
}

Rows from_dump(const std::string& text) {
  const int file = memfd_create("dump", MFD_CLOEXEC);
  EXPECT_EQ(write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  lseek(file, 0, SEEK_SET);
  const auto r = whywait({"--from", "-", "list", "--json"}, {.before = [file] { dup2(file, STDIN_FILENO); }});
  close(file);
  EXPECT_EQ(r.status, 0) << r.err << text;
  return rows_of(r.out);
}

// What a tool tells.
struct Tells {
  bool inode = false;
  bool uid = false;
  bool cookie = false;
  bool timer = false;
  bool holders = false;  // at least one of them
  bool all_holders = false;
  bool only_held = false;
  bool queues = true;
  bool limit = false;   // of the queue of a listener
  bool narrow = false;  // cuts long addresses
};

std::set<int> pids(const Json& row) {
  std::set<int> out;
  for (const auto& h : row.at("holders")) out.insert(h.at("pid").get<int>());
  return out;
}

void compare_queues(const Json& read, const Json& live, const Tells& tells) {
  const bool listens = live.at("state") == "LISTEN";
  if (tells.queues) {
    EXPECT_EQ(read.at("recv_q"), live.at("recv_q"));
  }
  if (tells.queues && (!listens || tells.limit)) {
    EXPECT_EQ(read.at("send_q"), live.at("send_q"));
  }
  if (tells.queues && listens && !tells.limit) {
    EXPECT_TRUE(read.at("send_q").is_null());
  }
}

void compare_timers(const Json& read, const Json& live) {
  ASSERT_EQ(read.at("timer").is_null(), live.at("timer").is_null());
  if (!read.at("timer").is_null()) {
    EXPECT_EQ(read.at("timer").at("kind"), live.at("timer").at("kind"));
    EXPECT_NEAR(read.at("timer").at("expires_in_s").get<double>(),
                live.at("timer").at("expires_in_s").get<double>(), 60);
  }
}

void compare_holders(const Json& read, const Json& live, const Tells& tells) {
  if (tells.all_holders) {
    EXPECT_EQ(pids(read), pids(live));
  } else if (!live.at("holders").empty()) {
    ASSERT_EQ(pids(read).size(), 1U);
    EXPECT_TRUE(pids(live).count(*pids(read).begin()) == 1);
  }
  if (!read.at("holders").empty()) {
    // lsof has room for nine characters; netstat tells what the program was called as.
    const auto name = live.at("holders")[0].at("name").get<std::string>();
    const auto told = read.at("holders")[0].at("name").get<std::string>();
    EXPECT_THAT(name, ::testing::StartsWith(told.substr(told.rfind('/') + 1)));
  }
}

void compare(const Json& read, const Json& live, const Tells& tells) {
  SCOPED_TRACE(read.dump() + "\nis not\n" + live.dump());
  EXPECT_EQ(read.at("state"), live.at("state"));
  compare_queues(read, live, tells);
  if (tells.inode) {
    EXPECT_EQ(read.at("inode"), live.at("inode"));
  }
  if (tells.uid && live.at("inode") != 0) {
    EXPECT_EQ(read.at("uid"), live.at("uid"));
  }
  if (tells.cookie) {
    EXPECT_EQ(read.at("cookie"), live.at("cookie"));
  }
  if (tells.timer) compare_timers(read, live);
  if (tells.holders || tells.all_holders) compare_holders(read, live, tells);
}

bool has_long_address(const Ends& ends) { return std::get<0>(ends) == kLong; }

class ToolsOfThisMachine : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (geteuid() == 0) stage() = std::make_unique<Stage>();
  }
  static void TearDownTestSuite() { stage().reset(); }
  void SetUp() override {
    if (!stage()) GTEST_SKIP() << "only root sees who holds what, whichever tool it is";
    ASSERT_TRUE(stage()->stands());
  }

  // Rows come and go (TIME_WAIT lasts a minute): those count that were there before and after.
  static void expect_same(const std::string& command, const Tells& tells) {
    SCOPED_TRACE(command);
    const auto before = live(*stage());
    const auto dumped = run(*stage(), command);
    const auto after = live(*stage());
    ASSERT_FALSE(dumped.text.empty()) << command << " ended with " << dumped.status << ": is it installed?";
    const auto read = from_dump(dumped.text);
    size_t compared = 0;
    for (const auto& [ends, row] : before) {
      const auto same = after.find(ends);
      if (same == after.end() || same->second.at("state") != row.at("state")) continue;
      if (tells.only_held && row.at("holders").empty()) continue;
      if (tells.narrow && has_long_address(ends)) continue;
      const auto it = read.find(ends);
      ASSERT_NE(it, read.end()) << row.dump() << "\nis not in\n" << dumped.text;
      compare(it->second, same->second, tells);
      ++compared;
    }
    EXPECT_GE(compared, tells.narrow ? 30U : 40U) << dumped.text;
    expect_no_other(read, before, after);
  }

  // What was cut short is nobody's address, and no other's.
  static void expect_no_other(const Rows& read, const Rows& before, const Rows& after) {
    for (const auto& [ends, row] : read) {
      const bool is_cut = std::get<0>(ends).ends_with("...") || std::get<2>(ends).ends_with("...");
      EXPECT_TRUE(is_cut || before.count(ends) == 1 || after.count(ends) == 1) << row.dump();
    }
  }

  static std::unique_ptr<Stage>& stage() {
    static std::unique_ptr<Stage> only;
    return only;
  }
};

TEST_F(ToolsOfThisMachine, HasSocketsInTheStatesThatMatter) {
  std::map<std::string, int> states;
  // A FIN is acknowledged with a delay.
  for (int i = 0; i == 0 || (states["FIN_WAIT_1"] > 0 && i < 100); ++i) {
    states.clear();
    for (const auto& [ends, row] : live(*stage())) ++states[row.at("state").get<std::string>()];
  }
  EXPECT_EQ(states["LISTEN"], 5);
  EXPECT_EQ(states["CLOSE_WAIT"], 8);
  EXPECT_EQ(states["FIN_WAIT_2"], 8);
  EXPECT_EQ(states["SYN_SENT"], 1);
  EXPECT_GE(states["ESTABLISHED"], 22);
}

TEST_F(ToolsOfThisMachine, Netstat) {
  expect_same("netstat -an", {.narrow = true});
  expect_same("netstat -anW", {});
  expect_same("netstat -anp", {.holders = true, .narrow = true});
  expect_same("netstat -anpoW", {.timer = true, .holders = true});
  expect_same("netstat -aneW", {.inode = true, .uid = true});
  expect_same("netstat -anepoW", {.inode = true, .uid = true, .timer = true, .holders = true});
}

// It translates some of the words, also those for states.
TEST_F(ToolsOfThisMachine, NetstatInTheLanguagesThatItHas) {
  for (const auto* language : {"cs", "de", "et", "fr", "ja", "pt_BR"}) {
    expect_same(fmt::format("LC_ALL=C.UTF-8 LANGUAGE={} netstat -anepoW", language),
                {.inode = true, .uid = true, .timer = true, .holders = true});
    expect_same(fmt::format("LC_ALL=C.UTF-8 LANGUAGE={} netstat -an", language), {.narrow = true});
  }
}

TEST_F(ToolsOfThisMachine, Busybox) {
  expect_same("busybox netstat -an", {.narrow = true});
  expect_same("busybox netstat -ane", {.narrow = true});  // Debian's has no more to tell
}

TEST_F(ToolsOfThisMachine, Ss) {
  expect_same("ss -tan", {.limit = true});
  expect_same("ss -an", {.limit = true});
  expect_same("ss -tanp", {.all_holders = true, .limit = true});
  expect_same("ss -tano", {.limit = true});
  const Tells all{
      .inode = true, .uid = true, .cookie = true, .timer = true, .all_holders = true, .limit = true};
  expect_same("ss -tanpe", all);
  expect_same("ss -tanpie", all);
  expect_same("ss -tanpieO", all);
  expect_same("ss -tanpiem", all);
}

TEST_F(ToolsOfThisMachine, Lsof) {
  const Tells held{.inode = true, .all_holders = true, .only_held = true, .queues = false};
  expect_same("lsof -nP -iTCP", held);
  expect_same("lsof -nP -iTCP -F", held);
}

TEST_F(ToolsOfThisMachine, TheKernelsFiles) {
  expect_same("cat /proc/net/tcp /proc/net/tcp6", {.inode = true, .uid = true, .timer = true});
}

TEST_F(ToolsOfThisMachine, OneAfterTheOther) {
  const Tells all{
      .inode = true, .uid = true, .cookie = true, .timer = true, .all_holders = true, .limit = true};
  expect_same("for c in 'netstat -anW' 'ss -tanpie' 'lsof -nP -iTCP'; do echo \"root@web-1:~# $c\"; $c; done",
              all);
}

}  // namespace
}  // namespace whywait::testing
