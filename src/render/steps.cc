#include "render/steps.h"

#include "render/elsewhere.h"
#include "render/words.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace whywait::render {
namespace {

std::string stack_command(const Process& p) {
  const auto pid = number(p.pid);
  if (p.name.starts_with("java")) return fmt::format("jstack {}", pid);
  if (p.name.starts_with("python") || p.name.starts_with("gunicorn"))
    return fmt::format("py-spy dump --pid {}", pid);
  return fmt::format("gdb -p {} -batch -ex 'thread apply all bt'", pid);
}

Step step(Remedy remedy, const Process* process, Pid pid) {
  const auto n = number(pid);
  switch (remedy) {
    case Remedy::FindWhoStopped:
      return {fmt::format("ps -o pid,ppid,stat,lstart,cmd -p {}", n),
              "who stopped it: Ctrl-Z in a terminal, a debugger, a checkpoint?"};
    case Remedy::Continue:
      return {fmt::format("kill -CONT {}", n), "lets it go on; what waits is then served"};
    case Remedy::Detach:
      return {fmt::format("grep TracerPid /proc/{}/status", n), "the debugger: continue or detach it there"};
    case Remedy::Thaw:
      return {fmt::format("cat /proc/{}/cgroup", n),
              "its cgroup is frozen: docker unpause, systemctl thaw, or whoever froze it"};
    case Remedy::FindWhatItWaitsFor:
      return {fmt::format("whywait list --pid {}", n),
              "what else it holds: the connection that it waits for is among them"};
    case Remedy::RaiseDescriptorLimit:
      return {fmt::format("prlimit --pid {} --nofile", n),
              "its limit; raising it buys time and cures nothing"};
    case Remedy::CaptureStacks:
      return {process != nullptr ? stack_command(*process)
                                 : fmt::format("gdb -p {} -batch -ex 'thread apply all bt'", n),
              "where each thread is: take this before a restart destroys it (it pauses the process for a "
              "moment)"};
    case Remedy::CloseOnEndOfFile:
      return {"", "in the code: close() on every path on which a read returns 0, errors included"};
    case Remedy::SetReadTimeout:
      return {"",
              "in the code: no call in the request's path without a time limit, so that the loop gets back "
              "to reading"};
    case Remedy::AcceptFaster:
      return {"", "in the code: accept() in a thread or a turn of the loop that no request can hold up"};
    case Remedy::FindWhoDoesNotRead:
      return {fmt::format("whywait list --pid {}", n),
              "whose window is shut: look at what that program is doing"};
    case Remedy::SetWriteTimeout:
      return {"",
              "in the code or configuration: a time limit for sending (send_timeout, SO_SNDTIMEO, "
              "TCP_USER_TIMEOUT)"};
    case Remedy::SeeWhatItHolds:
      return {fmt::format("whywait list --pid {}", n), "what this process holds that it never accepted"};
    case Remedy::CloseInTheChild:
      return {
          "",
          "in the code: SOCK_CLOEXEC, or close what was accepted after fork(); make pools before accepting"};
    case Remedy::EvictIdle:
      return {
          "",
          "nothing to do; to be rid of them, let the pool drop idle connections sooner than the server does"};
    case Remedy::FindTheOtherLeg:
      return {fmt::format("whywait list --pid {}", n),
              "its connections in FIN_WAIT_2: whoever is at their other end must close"};
    case Remedy::SetRelayTimeout:
      return {"",
              "in the configuration: a time limit for half-closed connections (timeout client-fin, "
              "proxy_timeout)"};
    case Remedy::CloseOnError:
      return {"", "in the code: close() on every error of read() and write(), and watch what is kept"};
    case Remedy::Restart:
      return {"", "a restart ends these connections, and they come back: the last resort"};
  }
  return {};
}

bool is_about_standing_still(Remedy remedy) {
  return remedy == Remedy::FindWhoStopped || remedy == Remedy::Continue || remedy == Remedy::Detach ||
         remedy == Remedy::Thaw;
}

// Looks, and harms nothing: at whoever is at the end of the chain.
Step step_to_inspect(const Verdict& v) {
  auto pid = v.finding.culprits.front().pid;
  if (!v.chain.hops.empty()) pid = v.chain.hops.back().to.value_or(v.chain.hops.back().from);
  return {fmt::format("whywait inspect {}", number(pid)),
          "its threads and what each waits for, both ends, limits"};
}

}  // namespace

Step of_file(Step step, const Facts& facts) {
  if (facts.file.empty()) return step;
  constexpr std::string_view kOurs[] = {"whywait list", "whywait inspect", "whywait"};
  const auto* ours = std::find_if(std::begin(kOurs), std::end(kOurs), [&](std::string_view command) {
    return step.command.starts_with(command);
  });
  if (ours != std::end(kOurs)) {
    step.command.insert(ours->size(), from_option(facts));
  } else if (!step.command.empty()) {
    step.note.insert(0, "on that host: ");
  }
  return step;
}

std::vector<Step> steps(const Verdict& verdict, const Facts& facts) {
  const auto& f = verdict.finding;
  std::vector<Step> out;
  if (f.culprits.empty()) {
    auto rights = more_rights(facts);
    rights.note.insert(0, "which process must act is not seen: ");
    return {rights};
  }
  const auto pid = f.culprits.front().pid;
  const auto& process = facts.process(pid);
  const bool stands_still = !f.remedy.empty() && is_about_standing_still(f.remedy.front());
  if (!stands_still) out.push_back(step_to_inspect(verdict));
  for (const auto remedy : f.remedy) out.push_back(step(remedy, process ? &*process : nullptr, pid));
  for (auto& s : out) s = of_file(std::move(s), facts);
  return out;
}

}  // namespace whywait::render
