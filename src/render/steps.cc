#include "render/steps.h"

#include "render/elsewhere.h"
#include "render/words.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace whywait::render {
namespace {

std::string stack_command(const Process* process, Pid pid) {
  const std::string_view name = process != nullptr ? std::string_view(process->name) : "";
  if (name.starts_with("java")) return fmt::format("jstack {}", number(pid));
  if (name.starts_with("python") || name.starts_with("gunicorn"))
    return fmt::format("py-spy dump --pid {}", number(pid));
  return fmt::format("gdb -p {} -batch -ex 'thread apply all bt'", number(pid));
}

struct RemedyWords {
  Remedy remedy;
  std::string_view id;
  std::string_view command;  // {pid}: whoever must act; {stacks}: what shows its stacks; empty: advice only
  std::string_view note;
};

constexpr std::array kRemedies = {
    RemedyWords{Remedy::FindWhoStopped, "find-who-stopped", "ps -o pid,ppid,stat,lstart,cmd -p {pid}",
                "who stopped it: Ctrl-Z in a terminal, a debugger, a checkpoint?"},
    RemedyWords{Remedy::Continue, "continue", "kill -CONT {pid}",
                "lets it go on; pending requests are then served"},
    RemedyWords{Remedy::Detach, "detach", "grep TracerPid /proc/{pid}/status",
                "the debugger: continue or detach it there"},
    RemedyWords{Remedy::Thaw, "thaw", "cat /proc/{pid}/cgroup",
                "its cgroup is frozen: docker unpause, systemctl thaw, or whoever froze it"},
    RemedyWords{Remedy::FindWhatItWaitsFor, "find-what-it-waits-for", "whywait list --pid {pid}",
                "what else it holds: the connection that it waits for is among them"},
    RemedyWords{Remedy::RaiseDescriptorLimit, "raise-descriptor-limit", "prlimit --pid {pid} --nofile",
                "its limit; raising it only buys time"},
    RemedyWords{Remedy::CaptureStacks, "capture-stacks", "{stacks}",
                "where each thread is: take this before a restart destroys it (it pauses the process for a "
                "moment)"},
    RemedyWords{Remedy::CloseOnEndOfFile, "close-on-end-of-file", "",
                "in the code: close() on every path on which a read returns 0, errors included"},
    RemedyWords{Remedy::SetReadTimeout, "set-read-timeout", "",
                "in the code: put a timeout on every blocking call in the request path"},
    RemedyWords{Remedy::AcceptFaster, "accept-faster", "",
                "in the code: accept() in a thread or a turn of the loop that no request can hold up"},
    RemedyWords{Remedy::FindWhoDoesNotRead, "find-who-does-not-read", "whywait list --pid {pid}",
                "whose window is shut: look at what that program is doing"},
    RemedyWords{Remedy::SetWriteTimeout, "set-write-timeout", "",
                "in the code or configuration: a time limit for sending (send_timeout, SO_SNDTIMEO, "
                "TCP_USER_TIMEOUT)"},
    RemedyWords{Remedy::SeeWhatItHolds, "see-what-it-holds", "whywait list --pid {pid}",
                "what this process holds that it never accepted"},
    RemedyWords{
        Remedy::CloseInTheChild, "close-in-the-child", "",
        "in the code: SOCK_CLOEXEC, or close what was accepted after fork(); make pools before accepting"},
    RemedyWords{
        Remedy::EvictIdle, "evict-idle", "",
        "nothing to do; to be rid of them, let the pool drop idle connections sooner than the server does"},
    RemedyWords{Remedy::FindTheOtherLeg, "find-the-other-leg", "whywait list --pid {pid}",
                "its connections in FIN_WAIT_2: whoever is at their other end must close"},
    RemedyWords{Remedy::SetRelayTimeout, "set-relay-timeout", "",
                "in the configuration: a time limit for half-closed connections (timeout client-fin, "
                "proxy_timeout)"},
    RemedyWords{Remedy::CloseOnError, "close-on-error", "",
                "in the code: close() on every error of read() and write(), and watch what is kept"},
    RemedyWords{Remedy::FindThePeer, "find-the-peer", "whywait list --pid {pid}",
                "the remote ends of its FIN_WAIT_2: the programs there must close"},
    RemedyWords{
        Remedy::LimitTheWait, "limit-the-wait", "",
        "in the code: close() in place of shutdown() alone, or a time limit on the wait for the peer"},
    RemedyWords{Remedy::Restart, "restart", "",
                "a restart ends these connections, and they come back: the last resort"},
};

constexpr bool is_in_order() {
  for (size_t i = 0; i < kRemedies.size(); ++i) {
    if (kRemedies.at(i).remedy != static_cast<Remedy>(i)) return false;
  }
  return kRemedies.back().remedy == Remedy::Restart;
}
static_assert(is_in_order(), "one line for each remedy, in the order of the enum");

Step step(Remedy remedy, const Process* process, Pid pid) {
  const auto& r = kRemedies.at(static_cast<size_t>(remedy));
  return {fmt::format(fmt::runtime(r.command), fmt::arg("pid", number(pid)),
                      fmt::arg("stacks", stack_command(process, pid))),
          std::string(r.note), r.id};
}

bool is_about_standing_still(Remedy remedy) {
  return remedy == Remedy::FindWhoStopped || remedy == Remedy::Continue || remedy == Remedy::Detach ||
         remedy == Remedy::Thaw;
}

// Only looks, at the process at the end of the chain.
Step step_to_inspect(const Verdict& v) {
  auto pid = v.finding.culprits.front().pid;
  if (!v.chain.hops.empty()) pid = v.chain.hops.back().to.value_or(v.chain.hops.back().from);
  return {fmt::format("whywait inspect {}", number(pid)),
          "its threads and what each waits for, both ends, limits", "inspect"};
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
  if (f.acts == Actor::Nobody && f.culprits.empty()) return out;
  if (f.culprits.empty()) {
    auto rights = more_rights(facts);
    rights.note.insert(0, "which process must act is not seen: ");
    rights.id = "see-who-must-act";
    return {rights};
  }
  const auto pid = f.culprits.front().pid;
  const auto& process = facts.process(pid);
  const bool stands_still = !f.remedy.empty() && is_about_standing_still(f.remedy.front());
  if (!stands_still) out.push_back(step_to_inspect(verdict));
  for (const auto remedy : f.remedy) {
    out.push_back(step(remedy, process ? &*process : nullptr, pid));
    say_elsewhere(remedy, pid, facts, out.back());
  }
  for (auto& s : out) s = of_file(std::move(s), facts);
  return out;
}

}  // namespace whywait::render
