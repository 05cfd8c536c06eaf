#include "lab/stage.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 10s;  // for a scenario to stand
constexpr auto kGlance = 10ms;

template <class T>
T hex(std::string_view field) {
  T value = 0;
  std::from_chars(field.data(), field.data() + field.size(), value, 16);  // up to a colon
  return value;
}

template <class T>
T hex_after_colon(std::string_view field) {
  return hex<T>(field.substr(field.find(':') + 1));
}

// proc(5): sl, local, remote, st, tx_queue:rx_queue, tr:when, retrnsmt, uid, timeout, inode.
std::optional<SocketRow> parse_row(const std::string& line) {
  std::array<std::string, 9> fields;
  std::istringstream text(line);
  for (std::string& field : fields) text >> field;
  SocketRow row;
  if (!(text >> row.inode)) return std::nullopt;  // the heading
  row.local_port = hex_after_colon<uint16_t>(fields[1]);
  row.remote_port = hex_after_colon<uint16_t>(fields[2]);
  row.state = hex<uint8_t>(fields[3]);
  row.send_q = hex<uint32_t>(fields[4]);
  row.recv_q = hex_after_colon<uint32_t>(fields[4]);
  row.timer = hex<uint8_t>(fields[5]);
  return row;
}

size_t count_rows(const std::function<bool(const SocketRow&)>& wanted) {
  std::ifstream table("/proc/self/net/tcp");
  std::set<std::pair<uint16_t, uint16_t>> counted;  // a table that changes meanwhile may tell a row twice
  for (std::string line; std::getline(table, line);) {
    const auto row = parse_row(line);
    if (row && wanted(*row)) counted.emplace(row->local_port, row->remote_port);
  }
  return counted.size();
}

[[noreturn]] void fail(const char* name, std::string_view trouble) {
  throw std::runtime_error(
      fmt::format("the {} failed: {}; see the limits of this session: ulimit -n, ulimit -u", name, trouble));
}

constexpr int kReport = STDERR_FILENO + 1;

// Closes those above kReport; the standard ones become /dev/null, for an inherited one can be a socket too.
void drop_descriptors() {
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) throw_errno("/dev/null");
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::dup2(nothing, standard) < 0) throw_errno("dup2");
  }
  if (::close_range(kReport + 1, ~0U, 0) != 0) throw_errno("close_range");
}

[[noreturn]] void act(const char* name, pid_t stage, const Fd& pipe,
                      const std::function<void(const Fd&)>& work) {
  if (::dup2(pipe.get(), kReport) < 0) ::_exit(1);
  const Fd report(kReport);
  try {
    die_with(stage);
    drop_descriptors();
    if (::prctl(PR_SET_NAME, name) != 0) throw_errno("PR_SET_NAME");
    if (::setpgid(0, 0) != 0) throw_errno("setpgid");
    work(report);
  } catch (const std::exception& e) {
    tell(report, {.number = 0, .trouble = e.what()});
    ::_exit(1);
  }
  ::_exit(0);
}

// If it takes too long, the kernel kills and reaps without us.
void reap_all() {
  for (const Deadline end(kPatience); !end.passed();) {
    const pid_t reaped = ::waitpid(-1, nullptr, WNOHANG);
    if (reaped < 0) return;
    if (reaped == 0) std::this_thread::sleep_for(1ms);
  }
}

}  // namespace

// The children of an actor die with it, and are the stage's to reap.
Stage::Stage() {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) throw_errno("PR_SET_CHILD_SUBREAPER");
}

Stage::~Stage() {
  for (const Actor& actor : actors_) ::kill(actor.pid, SIGKILL);
  reap_all();
}

Stage::Actor& Stage::start(const char* name, const std::function<void(const Fd&)>& work) {
  Pipe pipe = make_pipe();
  const pid_t stage = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw_errno("cannot start a process on the stage");
  if (pid == 0) act(name, stage, pipe.in, work);
  return actors_.emplace_back(Actor{.pid = pid, .name = name, .report = std::move(pipe.out)});
}

Scene Stage::start_server(const std::function<void(const Announce&)>& work, const char* name) {
  const Actor& server = start(name, [&](const Fd& report) {
    work([&](uint16_t port) { tell(report, {.number = port, .trouble = {}}); });
  });
  const auto message = hear(server.report, kPatience);
  if (!message)
    throw std::runtime_error(fmt::format("the {} does not start; try again on a less busy machine", name));
  if (!message->trouble.empty()) fail(server.name, message->trouble);
  return {.culprit = Pid{server.pid}, .port = static_cast<uint16_t>(message->number)};
}

Pid Stage::start_client(const std::function<void()>& work) {
  return Pid{start("lab-client", [&](const Fd&) { work(); }).pid};
}

void Stage::run_client(const std::function<void()>& work) {
  const size_t before = actors_.size();
  start_client(work);
  wait_until("its clients are not done", [&] { return actors_.size() == before; });
}

Pid Stage::start_traffic(uint16_t port, size_t count, const std::function<void()>& visit) {
  const Pid client = start_client([&] {
    for (const Deadline end(kStandsFor); !end.passed(); std::this_thread::sleep_for(50ms)) visit();
  });
  wait_for_rows(count, "connections came and went", [=](const SocketRow& row) {
    return row.state == TCP_TIME_WAIT && (row.remote_port == port || row.local_port == port);
  });
  return client;
}

// Reaps those that have ended; one that failed is the reason why nothing will stand.
void Stage::check_actors() {
  for (auto actor = actors_.begin(); actor != actors_.end();) {
    int status = 0;
    if (::waitpid(actor->pid, &status, WNOHANG) != actor->pid) {
      ++actor;
      continue;
    }
    const Actor ended = std::move(*actor);
    actor = actors_.erase(actor);
    if (status == 0) continue;
    const auto message = hear(ended.report, 0ms);
    fail(ended.name, message ? message->trouble : "it was killed");
  }
}

void Stage::wait_until(std::string_view complaint, const std::function<bool()>& holds) {
  const Deadline end(kPatience);
  for (; !holds(); std::this_thread::sleep_for(kGlance)) {
    check_actors();
    if (!end.passed()) continue;
    throw std::runtime_error(
        fmt::format("the lab does not stand after {} s: {}; try again on a less busy machine",
                    kPatience.count(), complaint));
  }
}

void Stage::wait_until_stopped(Pid pid) {
  wait_until("its server does not stop", [pid] {
    siginfo_t stopped{};
    if (::waitid(P_PID, static_cast<id_t>(number(pid)), &stopped, WSTOPPED | WNOHANG) != 0)
      throw_errno("waitid");
    return stopped.si_pid != 0;
  });
}

void Stage::wait_for_rows(size_t count, std::string_view what,
                          const std::function<bool(const SocketRow&)>& wanted) {
  wait_until(fmt::format("fewer than {} {}", count, what), [&] { return count_rows(wanted) >= count; });
}

void Stage::wait_for_no_row(std::string_view what, const std::function<bool(const SocketRow&)>& unwanted) {
  wait_until(what, [&] { return count_rows(unwanted) == 0; });
}

}  // namespace whywait::lab
