// Usage: bench_sockets --sockets N [--processes P] [--namespaces K]: connections in CLOSE_WAIT as an
// application leaks them: read to their end, never closed, forgotten. It stands until stdin is closed, or for
// --hold seconds.
#include "lab/child.h"
#include "lab/private_network.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::bench {
namespace {

using namespace std::chrono_literals;
using lab::Deadline;
using lab::Fd;
using lab::throw_errno;

constexpr auto kPatience = 120s;      // for all of it to stand
constexpr auto kEmptyPatience = 10s;  // for the clients' ends to be gone
constexpr uint32_t kSpare = 16;       // descriptors of a holder besides its connections
constexpr uint32_t kMostProcesses = 50'000;
constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: bench\r\n\r\n";
constexpr std::string_view kAnswer = "HTTP/1.1 204 No Content\r\n\r\n";

struct Options {
  uint32_t sockets = 0;
  uint32_t processes = 7;
  uint32_t namespaces = 1;
  uint16_t port = 8080;
  uint32_t hold = 600;
  bool grow = false;
};

// How many of `all` the part `index` of `parts` gets.
uint32_t share(uint32_t all, uint32_t parts, uint32_t index) {
  return all / parts + (index < all % parts ? 1 : 0);
}

// Each holder has addresses of its own, so that it never accepts what another requested: 127.1.x.y listens,
// 127.2.x.y and above connect.
sockaddr_in address(uint32_t block, uint32_t holder, uint16_t port) {
  constexpr uint32_t kLoopback = 127U << 24U;
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = htonl(kLoopback | block << 16U | (holder / 250) << 8U | (holder % 250 + 1));
  out.sin_port = htons(port);
  return out;
}

// A client's port is not left to the kernel: it would choose one whose connection stands in CLOSE_WAIT here
// and has no other end any more, and the SYN would then reset that one.
sockaddr_in client_address(uint32_t holder, uint32_t connection) {
  constexpr uint32_t kFirstPort = 10'000;
  constexpr uint32_t kPorts = 50'000;
  return address(2 + connection / kPorts, holder, static_cast<uint16_t>(kFirstPort + connection % kPorts));
}

Fd make_socket() {
  Fd out(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!out) throw_errno("socket");
  return out;
}

void bind_to(const Fd& socket, const sockaddr_in& where) {
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) throw_errno("bind");
}

void send_all(int socket, std::string_view text) {
  if (::send(socket, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
    throw_errno("send");
}

void expect(int socket, size_t bytes, const char* what) {
  std::array<char, 256> buffer{};
  const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
  if (got != static_cast<ssize_t>(bytes))
    throw std::runtime_error(fmt::format("{}: recv gave {}", what, got));
}

Fd listen_at(const sockaddr_in& where) {
  Fd listener = make_socket();
  const int on = 1;
  ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  bind_to(listener, where);
  if (::listen(listener.get(), 16) != 0) throw_errno("listen");
  return listener;
}

// One request and its answer; the client closes, the server reads that and forgets the connection.
void leak(const Fd& listener, const sockaddr_in& server_at, const sockaddr_in& client_at) {
  const Fd client = make_socket();
  const int on = 1;
  ::setsockopt(client.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  bind_to(client, client_at);
  if (::connect(client.get(), reinterpret_cast<const sockaddr*>(&server_at), sizeof server_at) != 0)
    throw_errno("connect");
  const int server = ::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC);
  if (server < 0) throw_errno("accept");
  send_all(client.get(), kRequest);
  expect(server, kRequest.size(), "the request");
  send_all(server, kAnswer);
  expect(client.get(), kAnswer.size(), "the answer");
  // All is read, so that closing sends a FIN. A reset would end the server's end as well.
  if (::shutdown(client.get(), SHUT_WR) != 0) throw_errno("shutdown");
  expect(server, 0, "the end");
}

[[noreturn]] void sleep_for_ever(const Fd& listener) {
  const Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{.events = EPOLLIN, .data = {.fd = listener.get()}};
  if (!epoll || ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, listener.get(), &event) != 0) ::_exit(1);
  for (;;) ::epoll_wait(epoll.get(), &event, 1, -1);  // no client connects any more
}

constexpr int kReport = STDERR_FILENO + 1;

// A holder has nothing open but its report: the others' pipes and the caller's files are not its own.
void keep_only_the_report(const Fd& report) {
  const Fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nothing) throw_errno("/dev/null");
  if (report.get() != kReport && ::dup2(report.get(), kReport) < 0) throw_errno("dup2");
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::dup2(nothing.get(), standard) < 0) throw_errno("dup2");
  }
}

[[noreturn]] void hold(const Options& options, uint32_t holder, pid_t parent, const Fd& pipe) {
  try {
    lab::die_with(parent);
    keep_only_the_report(pipe);
    if (::close_range(kReport + 1, ~0U, 0) != 0) throw_errno("close_range");
    const auto here = address(1, holder, options.port);
    const Fd listener = listen_at(here);
    const uint32_t count = share(options.sockets, options.processes, holder);
    for (uint32_t i = 0; i < count; ++i) leak(listener, here, client_address(holder, i));
    lab::tell(Fd(kReport), {.number = static_cast<int32_t>(count), .trouble = {}});
    sleep_for_ever(listener);
  } catch (const std::exception& e) {
    lab::tell(Fd(kReport), {.number = 0, .trouble = e.what()});
  }
  ::_exit(1);
}

// Processes that end with this object, at the latest with this process.
class Holders {
 public:
  Holders() = default;
  Holders(const Holders&) = delete;
  Holders& operator=(const Holders&) = delete;
  ~Holders() {
    for (const auto& h : all_) ::kill(h.pid, SIGKILL);
    for (const auto& h : all_) ::waitpid(h.pid, nullptr, 0);
  }

  pid_t start(const Options& options, uint32_t holder) {
    lab::Pipe pipe = lab::make_pipe();
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) throw_errno("fork");
    if (pid == 0) hold(options, holder, parent, pipe.in);
    all_.push_back({.pid = pid, .report = std::move(pipe.out)});
    return pid;
  }

  void wait_until_they_hold() {
    const Deadline end(kPatience);
    for (auto& h : all_) {
      const auto message = lab::hear(h.report, end.left());
      if (!message)
        throw std::runtime_error(
            fmt::format("a holder ended, or not all stands after {} s", kPatience.count()));
      if (!message->trouble.empty()) throw std::runtime_error("a holder failed: " + message->trouble);
      h.report = Fd();
    }
  }

 private:
  struct Holder {
    pid_t pid = -1;
    Fd report;
  };
  std::vector<Holder> all_;
};

void set(const char* path, std::string_view value) {
  const Fd file(::open(path, O_WRONLY | O_CLOEXEC));
  if (!file || ::write(file.get(), value.data(), value.size()) < 0) throw_errno(path);
}

// A client's end would stay in FIN_WAIT_2 for a minute. Where no bucket is allowed for those it is gone at
// once.
void forget_closed_ends() {
  set("/proc/sys/net/ipv4/tcp_max_tw_buckets", "0");
  set("/proc/sys/net/ipv4/tcp_fin_timeout", "1");
}

struct Population {
  uint32_t in_use = 0;
  uint32_t time_wait = 0;
};

// Parses the line of a process's namespace: "TCP: inuse 8 orphan 0 tw 0 alloc 9 mem 1".
Population population(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/net/sockstat", process));
  Population out;
  std::string word;
  while (file >> word && word != "TCP:") {
  }
  for (uint32_t value = 0; file >> word >> value;) {
    if (word == "inuse") out.in_use = value;
    if (word == "tw") out.time_wait = value;
    if (word == "mem") return out;
  }
  throw std::runtime_error(fmt::format("no TCP in the sockstat of process {}", process));
}

struct Place {
  pid_t process = -1;     // one that is in the namespace
  uint32_t expected = 0;  // TCP sockets in it
};

void wait_until_alone(const Place& place) {
  for (const Deadline end(kEmptyPatience);; std::this_thread::sleep_for(20ms)) {
    const auto p = population(place.process);
    if (p.in_use == place.expected && p.time_wait == 0) return;
    if (!end.passed()) continue;
    throw std::runtime_error(
        fmt::format("the namespace of process {} has {} sockets and {} of closed connections; "
                    "expected {} and none",
                    place.process, p.in_use, p.time_wait, place.expected));
  }
}

std::vector<Place> start_all(const Options& options, Holders& holders) {
  const Fd home(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!home) throw_errno("/proc/self/ns/net");
  std::vector<Place> places;
  for (uint32_t ns = 0; ns < options.namespaces; ++ns) {
    lab::enter_private_network();
    forget_closed_ends();
    Place place;
    for (uint32_t holder = ns; holder < options.processes; holder += options.namespaces) {
      const pid_t pid = holders.start(options, holder);
      if (place.process < 0) place.process = pid;
      place.expected += 1 + share(options.sockets, options.processes, holder);
    }
    places.push_back(place);
  }
  if (::setns(home.get(), CLONE_NEWNET) != 0) throw_errno("setns");
  return places;
}

// How many descriptors a process may have, at most.
uint32_t raise_descriptor_limit() {
  constexpr rlim_t kEnough = 1'000'000;
  const rlimit wanted{.rlim_cur = kEnough, .rlim_max = kEnough};
  rlimit limit{};
  if (::setrlimit(RLIMIT_NOFILE, &wanted) != 0) {
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) throw_errno("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) throw_errno("setrlimit");
  }
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) throw_errno("getrlimit");
  return static_cast<uint32_t>(std::min(limit.rlim_cur, kEnough));
}

// Makes the options possible, or throws.
void settle(Options& options) {
  const uint32_t limit = raise_descriptor_limit();
  if (limit <= kSpare) throw std::runtime_error(fmt::format("a limit of {} descriptors is too low", limit));
  const uint32_t each = limit - kSpare;
  const uint32_t needed = (options.sockets + each - 1) / each;
  if (options.processes < options.namespaces) {
    throw std::runtime_error(
        fmt::format("{} processes cannot be in {} namespaces", options.processes, options.namespaces));
  }
  if (options.processes >= needed) return;
  const auto trouble = fmt::format(
      "{} processes cannot hold {} connections: the hard limit of descriptors (ulimit -Hn) is {}, and "
      "raising it "
      "takes CAP_SYS_RESOURCE; {} processes can",
      options.processes, options.sockets, limit, needed);
  if (!options.grow) throw std::runtime_error(trouble);
  fmt::print(stderr, "bench_sockets: {}, and do\n", trouble);
  options.processes = needed;
}

void wait_for_end_of_input(std::chrono::seconds bound) {
  const Deadline end(bound);
  std::array<char, 256> ignored{};
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  while (!end.passed()) {
    if (::poll(&input, 1, static_cast<int>(end.left().count())) <= 0) continue;
    if (::read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) return;
  }
}

void stand(Options options) {
  const auto began = std::chrono::steady_clock::now();
  settle(options);
  Holders holders;
  const auto places = start_all(options, holders);
  holders.wait_until_they_hold();
  for (const auto& place : places) wait_until_alone(place);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  for (const auto& place : places) fmt::print("READY {}\n", place.process);
  fmt::print("HOLDS sockets={} processes={} namespaces={} port={} seconds={:.1f}\n", options.sockets,
             options.processes, options.namespaces, options.port, took.count());
  std::fflush(stdout);
  wait_for_end_of_input(std::chrono::seconds(options.hold));
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app("Makes TCP connections in CLOSE_WAIT in network namespaces of its own, and holds them.",
               "bench_sockets");
  app.add_option("--sockets", options.sockets, "how many connections")
      ->required()
      ->check(CLI::Range(0, 5'000'000));
  app.add_option("--processes", options.processes, "that hold them (7)")
      ->check(CLI::Range(1U, kMostProcesses));
  app.add_option("--namespaces", options.namespaces, "that the processes are spread over (1)")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--port", options.port, "they listen on (8080)")->check(CLI::Range(1, 9'999));
  app.add_option("--hold", options.hold, "seconds until all of it ends at the latest (600)")
      ->check(CLI::Range(1, 86'400));
  app.add_flag("--grow", options.grow, "take more processes where the limit of descriptors asks for it");
  app.footer("\nPrints READY PID for each namespace (nsenter -n -t PID), then what stands.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e);
  }
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGCHLD,
           SIG_DFL);  // ignored, it would make the kernel reap, and a pid might be another process by then
  stand(options);
  return 0;
}

}  // namespace
}  // namespace whywait::bench

int main(int argc, char** argv) {
  try {
    return whywait::bench::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_sockets: %s\n", e.what());
    return 1;
  }
}
