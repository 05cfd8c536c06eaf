#include "render/elsewhere.h"

#include "core/holder_index.h"
#include "render/page.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

namespace whywait::render {
namespace {

// A command, in which "{}" stands for the pid, and what goes on after "on that system". Both are empty where
// nothing tells it.
struct Tool {
  std::string_view command;
  std::string_view note;
};

// The commands of a system for each question.
struct Tools {
  System system;
  Tool holders;
  Tool threads;
  Tool accepted;
  Tool fin_read;
};

constexpr Tool kNoQueue = {"netstat -an",
                           ": Recv-Q above 0 is unread; 0 does not say there that the FIN was read"};
constexpr Tool kListenQueues = {"netstat -Lan", ": what waits in the listen queues"};
constexpr Tool kNobodyTells = {"", ""};

constexpr std::array kTools = {
    Tools{System::Unknown,
          {"lsof -nP -iTCP", "; or ss -tanp, or netstat -ano, whichever it has"},
          {"", ": a stack dump of process {}"},
          {"ss -tane", ", if it is Linux: ino:0 means never"},
          {"ss -tan", ", if it is Linux: Recv-Q"}},
    Tools{System::Linux,
          {"sudo ss -tanpe", ""},
          {"sudo whywait", "; or jstack, py-spy, gdb on process {}"},
          {"ss -tane", ": ino:0 means never"},
          {"ss -tan", ": Recv-Q"}},
    Tools{System::Windows,
          {"netstat -ano", "; then tasklist /svc /fi \"PID eq …\""},
          {"procdump -ma {}", "; of Java: jstack {}"},
          kNobodyTells,
          kNobodyTells},
    Tools{System::MacOs, {"sudo lsof -nP -iTCP", ""}, {"sudo sample {}", ""}, kListenQueues, kNoQueue},
    Tools{System::FreeBsd, {"sockstat -46s", ""}, {"procstat -k {}", ""}, kListenQueues, kNoQueue},
    Tools{System::OpenBsd,
          {"fstat | grep tcp", ""},
          {"ps -Hp {} -o pid,tid,wchan", ""},
          kNobodyTells,
          kNoQueue},
    Tools{System::NetBsd, {"sockstat -n", ""}, {"ps -s -p {} -o lid,wchan", ""}, kNobodyTells, kNoQueue},
    Tools{System::Solaris,
          {"netstat -anu", " (11.4); or pfiles of the processes in question"},
          {"pstack {}", ""},
          kNobodyTells,
          kNoQueue},
    Tools{System::Aix,
          {"netstat -Aan", "; then rmsock ADDRESS tcpcb"},
          {"procstack {}", ""},
          kNobodyTells,
          kNoQueue},
    Tools{System::HpUx, {"lsof -nP -iTCP", ""}, {"pstack {}", ""}, kNobodyTells, kNoQueue},
    Tools{System::NonStop,
          {"SCF LISTOPENS PROCESS", ""},
          {"", ": eInspect on process {}"},
          kNobodyTells,
          kNobodyTells},
};

constexpr bool in_order() {
  for (size_t i = 0; i < kTools.size(); ++i) {
    if (kTools.at(i).system != static_cast<System>(i)) return false;
  }
  return true;
}
static_assert(in_order());

const Tools& tools_of(const Facts& facts) { return kTools.at(static_cast<size_t>(facts.system)); }

std::string with_pid(std::string_view words, Pid pid) {
  std::string out(words);
  const auto text = number(pid) > 0 ? std::to_string(number(pid)) : std::string("it");
  for (auto at = out.find("{}"); at != std::string::npos; at = out.find("{}")) out.replace(at, 2, text);
  return out;
}

Step there(const Tool& tool, Pid pid = Pid{0}) {
  if (tool.command.empty() && tool.note.empty()) return {"", "no tool of that system tells it"};
  return {with_pid(tool.command, pid), "on that system" + with_pid(tool.note, pid)};
}

constexpr Tool kWhywait = {"sudo whywait", ""};
constexpr std::string_view kNotHere = "the dump does not tell it";

Step take_it_again() {
  return {"whywait --from ONE --from THE-OTHER", "take the same dump again some minutes later"};
}

}  // namespace

Absence absence_in_dump(const Need& need, const Facts& facts) {
  const auto& tools = tools_of(facts);
  switch (need.what) {
    case Question::Holders: return {"which process holds them", std::string(kNotHere), there(tools.holders)};
    case Question::Process:
    case Question::Threads:
      return {fmt::format("what {} is doing", who(need.pid, facts)), std::string(kNotHere),
              there(tools.threads, need.pid)};
    case Question::SecondLook:
      return {"whether they are still progressing", "a dump is one moment", take_it_again()};
    case Question::Partners:
    case Question::Details:
      return {"who watches these sockets and who waits on them", std::string(kNotHere),
              there(facts.system == System::Linux ? kWhywait : kNobodyTells)};
  }
  return {};
}

Absence absence_in_dump(OpenQuestion question, const Facts& facts) {
  const auto& tools = tools_of(facts);
  switch (question) {
    case OpenQuestion::NoInode:
      return {"whether they were accepted", std::string(kNotHere), there(tools.accepted)};
    case OpenQuestion::NoReadQueue:
      return {"whether the FIN was read", std::string(kNotHere), there(tools.fin_read)};
    case OpenQuestion::LongerLook: return {"how old they are", std::string(kNotHere), take_it_again()};
    case OpenQuestion::NoOwner:
      return {"whether a process still holds them", std::string(kNotHere), there(tools.holders)};
    case OpenQuestion::MayBeAtWork:
      return {"whether its threads are at work for just these", std::string(kNotHere), take_it_again()};
    case OpenQuestion::NoDetails:
      return {"who watches them and who waits on them", std::string(kNotHere),
              there(facts.system == System::Linux ? kWhywait : kNobodyTells)};
  }
  return {};
}

Step who_holds_there(const Facts& facts) { return there(tools_of(facts).holders); }

std::string read_line(const Facts& facts) {
  const auto& d = *facts.dump;
  auto line = fmt::format("{} of {}", plural(d.rows, "TCP row"), printable(facts.source));
  if (d.repeated > 0)
    line += fmt::format("; {} of a socket that has one already (another holder, another command)",
                        plural(d.repeated, "row"));
  if (d.unconnected > 0)
    line += fmt::format("; {} (bound, idle or closed)", plural(d.unconnected, "unconnected socket"));
  if (d.others > 0)
    line +=
        fmt::format("; {} not TCP", d.others == 1 ? "1 row that is" : grouped(d.others) + " rows that are");
  if (d.skipped > 0) {
    line += fmt::format("; {} not understood, and skipped: {} (--show-skipped lists all)",
                        plural(d.skipped, "line"), printable(d.first_skipped));
  }
  if (d.cut_short) line += "; there is more in it, which was not read";
  return line;
}

void say_elsewhere(Remedy remedy, Pid pid, const Facts& facts, Step& step) {
  if (facts.system == System::Linux) return;
  const auto& threads = tools_of(facts).threads;
  if (remedy == Remedy::CaptureStacks) {
    step.command = with_pid(threads.command, pid);
    step.note = fmt::format("where each thread is{}; take this before a restart destroys it",
                            with_pid(threads.note, pid));
  } else if (remedy == Remedy::RaiseDescriptorLimit) {
    step.command.clear();
    step.note = "raising the limit of its descriptors only buys time";
  } else if (remedy == Remedy::CloseInTheChild) {
    step.note = "in the code: let no child inherit what was accepted; make pools before accepting";
  }
}

Step rows_there(const Facts& facts) {
  return facts.system == System::Linux || facts.system == System::Unknown
             ? Step{"ss -tanpe", "on that system; or netstat -ano where it is Windows"}
             : there(tools_of(facts).holders);
}

std::string saved_line(const Facts& facts) {
  return fmt::format("what whywait saw on {} at {}, {}", printable(facts.host), rfc3339(facts.taken_at),
                     facts.as_root ? "as root" : "not as root");
}

std::string tally_line(const Facts& facts) {
  std::vector<std::string> parts;
  for (const auto& [state, n] : facts.tally) parts.push_back(fmt::format("{} {}", grouped(n), name(state)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<std::string> shared_listeners(const Facts& facts) {
  constexpr size_t kShown = 3;
  if (!facts.holders) return {};
  std::map<Endpoint, std::set<Pid>> holders;
  const auto index = index_of(facts.holders);
  for (const auto& c : facts.table.connections) {
    if (c.state != State::Listen) continue;
    for (const auto& h : index.of(c)) holders[c.local].insert(h.pid);
  }
  std::vector<std::string> out;
  for (const auto& [end, pids] : holders) {
    if (pids.size() < 2 || out.size() == kShown) continue;
    std::vector<std::string> names;
    for (const auto pid : pids) {
      if (names.size() < kShown) names.push_back(who(pid, facts));
    }
    const auto more = pids.size() > kShown ? fmt::format(" and {} more", pids.size() - kShown) : "";
    out.push_back(fmt::format("the listener {} is held by {} processes: {}{}", whywait::text(end),
                              pids.size(), fmt::join(names, ", "), more));
  }
  return out;
}

std::string from_option(const Facts& facts) {
  if (facts.file.empty()) return {};
  const auto& name = facts.file;
  // Standard input is used up: it has to be a file for the next command.
  const bool is_plain =
      name != "-" &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/+:") ==
          std::string::npos;
  return is_plain ? " --from " + name : " --from FILE";
}

}  // namespace whywait::render
