#include "lab/lab.h"

#include "lab/child.h"
#include "lab/private_network.h"
#include "lab/scenarios.h"
#include "lab/stage.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iostream>

#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

// Flush the buffers of the caller and of the stage once, because _exit() flushes nothing.
void flush_output() {
  std::cout.flush();
  std::fflush(stdout);
  std::fflush(stderr);
}

[[noreturn]] void run_stage(SetUp set_up, const Body& body, pid_t caller, const Fd& report) {
  ::signal(SIGCHLD,
           SIG_DFL);  // ignored, it would make the kernel reap: a pid might be another process by now
  try {
    enter_private_network();
    die_with(caller);
    int status = 0;
    {
      Stage stage;
      status = body(set_up(stage));
    }
    tell(report, {.number = status, .trouble = {}});
  } catch (const std::exception& e) {
    tell(report, {.number = 1, .trouble = e.what()});
  }
  flush_output();
  ::_exit(0);
}

// The pipe carries the result, because a caller that ignores SIGCHLD never gets an exit status.
tl::expected<int, std::string> result(pid_t stage, const Fd& report) {
  int status = 0;
  pid_t ended = 0;
  do {
    ended = ::waitpid(stage, &status, 0);
  } while (ended < 0 && errno == EINTR);
  const auto message = hear(report, std::chrono::milliseconds{0});
  if (!message) {
    const bool killed = ended == stage && WIFSIGNALED(status);
    return tl::unexpected(
        fmt::format("the lab ended early: {}; start it again",
                    killed ? ::strsignal(WTERMSIG(status)) : "its process left without a result"));
  }
  if (!message->trouble.empty()) return tl::unexpected(message->trouble);
  return message->number;
}

tl::expected<int, std::string> perform(SetUp set_up, const Body& body) {
  try {
    Pipe pipe = make_pipe();
    flush_output();
    const pid_t caller = ::getpid();
    const pid_t stage = ::fork();
    if (stage < 0) throw_errno("cannot start a process for the lab");
    if (stage == 0) {
      pipe.out = Fd();
      run_stage(set_up, body, caller, pipe.in);
    }
    pipe.in = Fd();
    return result(stage, pipe.out);
  } catch (const std::system_error& e) {
    return tl::unexpected(fmt::format("{}; see the limits of this session: ulimit -u, ulimit -n", e.what()));
  }
}

}  // namespace

std::span<const Scenario> all_scenarios() {
  static const auto all = [] {
    std::array<Scenario, kScenarios.size()> made;
    std::transform(kScenarios.begin(), kScenarios.end(), made.begin(), [](auto make) { return make(); });
    return made;
  }();
  return all;
}

tl::expected<int, std::string> play(const Scenario& scenario, Variant variant, const Body& body) {
  return perform(variant == Variant::Fault ? scenario.set_up_fault : scenario.set_up_control, body);
}

tl::expected<int, std::string> play(const Lookalike& lookalike, const Body& body) {
  return perform(lookalike.set_up, body);
}

}  // namespace whywait::lab
