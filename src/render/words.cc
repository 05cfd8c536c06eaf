#include "render/words.h"

#include "render/causes/catalogue.h"
#include "render/elsewhere.h"
#include "render/evidence_words.h"
#include "render/page.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace whywait::render {
namespace {

Step advice(std::string_view note) { return {"", std::string(note)}; }

struct BlockWords {
  Block block;
  std::string_view in_words;
  std::string_view condition;  // before what it does not do; empty where that would not explain it
};

constexpr BlockWords kBlocks[] = {
    {Block::Stopped, "stopped", "is stopped and "},
    {Block::Traced, "held by a debugger", "is held by a debugger and "},
    {Block::Frozen, "frozen", "is frozen and "},
    {Block::Uninterruptible, "in uninterruptible sleep", "hangs inside the kernel and "},
    {Block::Lock, "waiting for a lock", ""},
    {Block::Spinning, "computing without a pause", "computes without a pause and "},
    {Block::DescriptorLimit, "out of descriptors", "is out of descriptors and "},
    {Block::Child, "waiting for a child process", ""},
    {Block::Pipe, "waiting on a pipe", ""},
    {Block::Connection, "waiting on a connection", ""},
    {Block::FileLock, "waiting for a file lock", ""},
    {Block::Timer, "sleeping on a timer", ""},
    {Block::Idle, "in epoll_wait() or accept()", ""},
    {Block::Unknown, "blocked in an unidentified call", ""},
};

const BlockWords& words_of(Block block) { return kBlocks[static_cast<size_t>(block)]; }

constexpr bool in_order() {
  for (size_t i = 0; i < std::size(kBlocks); ++i) {
    if (kBlocks[i].block != static_cast<Block>(i)) return false;
  }
  return kBlocks[std::size(kBlocks) - 1].block == Block::Unknown;
}
static_assert(in_order());

constexpr size_t kLongestName = 60;

std::string shown(std::string_view name) {
  auto safe = printable(name.substr(0, kLongestName));
  return name.size() > kLongestName ? safe + "..." : safe;
}

std::string affiliation(const Process& p) {
  std::string out;
  if (!p.unit.empty()) out += ", " + shown(p.unit);
  if (!p.container.empty()) out += ", container " + shown(p.container);
  return out;
}

std::string who(const std::vector<Pid>& pids, const Facts& facts) {
  if (pids.empty())
    return facts.dump ? "a process this dump does not identify" : "a process you lack permission to inspect";
  const auto& first = facts.process(pids.front());
  auto name = first && !first->name.empty() ? shown(first->name) : std::string("a process");
  if (pids.size() == 1 && number(pids[0]) < 0) return name;  // a dump may name a program and no pid
  if (pids.size() == 1)
    return fmt::format("{} (pid {}{})", name, number(pids[0]), first ? affiliation(*first) : "");
  return fmt::format("{} ({} processes{})", name, pids.size(), first ? affiliation(*first) : "");
}

std::string threads_line(const Finding& f, const Facts& facts) {
  std::map<Block, uint64_t> kinds;
  uint64_t all = 0;
  for (const auto& culprit : f.culprits) {
    for (const auto& [kind, n] : culprit.blocked_on.threads) {
      kinds[kind] += n;
      all += n;
    }
  }
  if (all == 0) return {};
  std::vector<std::string> parts;
  for (const auto& [kind, n] : kinds) {
    parts.push_back(n == all && n > 1 ? fmt::format("all {}", words_of(kind).in_words)
                    : n == all        ? std::string(words_of(kind).in_words)
                                      : fmt::format("{} {}", n, words_of(kind).in_words));
  }
  const auto& window = facts.threads_of(f.culprits.front().pid);
  return fmt::format("{}: {}; {} in {}", plural(all, "thread"), fmt::join(parts, ", "),
                     in_words(f, EvidenceKind::HolderCpu),
                     duration(window ? window->window : Milliseconds(0)));
}

std::string cause_line(const Verdict& v) {
  const auto& entry = of(v.finding.cause);
  return entry.why != nullptr ? entry.why(v) : std::string(entry.in_short);
}

// "4,790 in no epoll set; an event of 3 waits in an epoll set and is not fetched; last given a CPU 21 s ago"
std::string watching_line(const Finding& f) {
  std::vector<std::string> parts;
  for (const auto kind : {EvidenceKind::Unwatched, EvidenceKind::EventPending, EvidenceKind::ListenerPending,
                          EvidenceKind::WaitedOn, EvidenceKind::SinceRun}) {
    if (auto words = in_words(f, kind); !words.empty()) parts.push_back(std::move(words));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string queue_line(const Finding& f) {
  const auto used = value_of(f, EvidenceKind::AcceptQueue);
  const auto limit = value_of(f, EvidenceKind::AcceptQueueLimit);
  auto line = limit == 0 ? in_words(f, EvidenceKind::AcceptQueue)
                         : fmt::format("accept queue {} of {}", grouped(used), grouped(limit));
  if (limit > 0 && used > limit) line += ": full, new connections time out";
  const auto unread = in_words(f, EvidenceKind::UnreadBytes);
  return line + (line.empty() || unread.empty() ? "" : "; ") + unread;
}

std::string second_look_line(const Verdict& verdict, const Facts& facts) {
  const auto still = value_of(verdict.finding, EvidenceKind::Unchanged);
  const auto seen = value_of(verdict.finding, EvidenceKind::LookedAgain);
  const auto after = facts.second.after();
  if (still == 0 || !after) return {};
  return fmt::format("{} of the {} rechecked {} unchanged {} later", grouped(still), grouped(seen),
                     still == 1 ? "was" : "were", duration(*after));
}

}  // namespace

Step more_rights(const Facts& facts) {
  if (facts.system != System::Linux) return rows_there(facts);
  if (facts.as_root) return {"", "run outside of this container or sandbox"};
  return {"sudo whywait", "run as root"};
}

std::string_view in_words(Block block) { return words_of(block).in_words; }

std::string_view why(Missing missing, const Facts& facts) {
  switch (missing) {
    case Missing::NotAsked: return "not asked";
    case Missing::NotOffered: return "this source does not tell it";
    case Missing::Denied: return facts.as_root ? "permission denied, even as root" : "needs root";
    case Missing::CutShort: return "reading it was cut short";
    case Missing::Gone: return "it ended while it was being read";
  }
  return "";
}

std::string in_one_line(const Step& step) {
  if (step.command.empty() || step.note.empty()) return step.command + step.note;
  return fmt::format("{}   # {}", step.command, step.note);
}

Absence absence(const Gap& gap, const Facts& facts) {
  const auto reason = gap.detail.empty() ? std::string(why(gap.why, facts)) : gap.detail;
  const auto root = more_rights(facts);
  switch (gap.what) {
    case Gap::What::Namespaces:
      return {gap.count == 0 ? "other network namespaces" : plural(gap.count, "network namespace"), reason,
              root};
    case Gap::What::Descriptors: {
      auto what = gap.count <= 1 ? "the descriptors of a process"
                                 : fmt::format("the descriptors of {} processes", grouped(gap.count));
      if (gap.count == 1 && gap.pid != Pid{0}) what += fmt::format(" (pid {})", number(gap.pid));
      return {what, reason, root};
    }
    case Gap::What::Processes:
      return {"processes outside of this pid namespace", "they are not listed here",
              advice("run in the host's (--pid=host)")};
    case Gap::What::SocketDetail:
      if (gap.why == Missing::NotAsked) {
        return {"ages, cookies and queue limits of the sockets", "--no-netlink was given",
                advice("leave it out")};
      }
      return {"ages, cookies and queue limits of the sockets", reason,
              advice("allow NETLINK_SOCK_DIAG, or load tcp_diag and inet_diag")};
    case Gap::What::Rows:
      if (gap.why == Missing::Gone)
        return {"the socket table", reason, advice("mount /proc, with what whywait needs in it")};
      if (gap.why == Missing::Denied) return {"some rows of the socket table", reason, root};
      return {"some rows of the socket table",
              gap.detail.empty() ? "it changed faster than it can be read" : gap.detail,
              advice("run it again")};
  }
  return {};
}

Absence absence(const Need& need, const Facts& facts) {
  if (facts.dump) return absence_in_dump(need, facts);
  // Answered as a whole, but not for these: holders that may not be seen.
  const auto missing = facts.missing(need).value_or(Missing::Denied);
  const std::string reason(why(missing, facts));
  const auto again = missing == Missing::Denied ? more_rights(facts) : advice("run it again");
  switch (need.what) {
    case Question::Holders: return {"which process holds them", reason, again};
    case Question::Process: return {fmt::format("the state of process {}", number(need.pid)), reason, again};
    case Question::Threads:
      return {fmt::format("the threads of process {}", number(need.pid)), reason, again};
    case Question::SecondLook:
      return {"whether they are still progressing", reason, {"whywait --look 10s", ""}};
    case Question::Partners: return {"who is at the other end of its pipes", reason, again};
    case Question::Details: return {"who watches these sockets and who waits on them", reason, again};
  }
  return {};
}

Absence absence(OpenQuestion question, const Facts& facts) {
  if (facts.dump) return absence_in_dump(question, facts);
  switch (question) {
    case OpenQuestion::NoInode:
      return {"whether they were accepted",
              "this source does not tell it",
              {"ss -tane", "on that system: ino:0 means never"}};
    case OpenQuestion::NoReadQueue:
      return {
          "whether the FIN was read", "this source does not tell it", {"ss -tan", "on that system: Recv-Q"}};
    case OpenQuestion::LongerLook:
      return {"whether they are old enough to judge",
              "their age is not known exactly",
              {"whywait --look 15s", ""}};
    case OpenQuestion::MayBeAtWork:
      return {"whether its threads are still at work for just these",
              "there are no more of them than busy threads",
              advice("look again in a minute: what is being served will be gone")};
    case OpenQuestion::NoDetails:
      return {"who watches them and who waits on them", "it takes BPF, or the right to read the process",
              more_rights(facts)};
    case OpenQuestion::NoOwner:
      return {"whether a process still holds them", "this source does not tell it", more_rights(facts)};
  }
  return {};
}

void add_absence(Page& page, const Absence& a) {
  const auto what = fmt::format("{} ({})", a.what, a.why);
  if (a.remedy.command.empty()) return page.line(fmt::format("{}: {}", what, a.remedy.note));
  page.line(what);
  page.command(a.remedy.command, a.remedy.note);
}

Absence rivalry(Cause rival, const Facts& facts) {
  const auto& entry = of(rival);
  const auto& told = facts.dump ? entry.in_dump : entry.live;
  return {fmt::format("whether it is {}", entry.in_short), std::string(told.why),
          told.how_to_exclude != nullptr ? told.how_to_exclude(facts) : Step{}};
}

std::string who(const Verdict& verdict, const Facts& facts) {
  std::vector<Pid> pids;
  for (const auto& c : verdict.finding.culprits) pids.push_back(c.pid);
  const auto owner = of(verdict.finding.cause).owner;
  return pids.empty() && !owner.empty() ? std::string(owner) : who(pids, facts);
}

std::string who(const Case& c, const Facts& facts) {
  return who(c.holders.value_or(std::vector<Pid>{}), facts);
}

std::string who(Pid pid, const Facts& facts) { return who(std::vector{pid}, facts); }

std::string what_it_does(const Verdict& verdict) {
  const auto& f = verdict.finding;
  const auto block = f.culprits.empty() ? Block::Unknown : f.culprits.front().blocked_on.kind;
  return fmt::format("{}{}", words_of(block).condition, of(f.cause).omission);
}

std::vector<std::string> why_lines(const Verdict& verdict, const Facts& facts) {
  const auto& f = verdict.finding;
  std::vector<std::string> out{cause_line(verdict)};
  const auto add = [&](std::string line) {
    if (!line.empty()) out.push_back(std::move(line));
  };
  add(queue_line(f));
  add(in_words(f, EvidenceKind::QueuedBehind));
  if (!f.fault) return out;
  add(in_words(f, EvidenceKind::PeerClosed));
  add(watching_line(f));
  add(second_look_line(verdict, facts));
  add(threads_line(f, facts));
  if (verdict.cases.front().state == State::CloseWait)
    out.emplace_back("no timer of the kernel ever ends CLOSE_WAIT");
  return out;
}

std::string where(std::span<const Case> cases) {
  const auto& service = cases.front().service;
  const bool has_port = service.port != 0;
  if (cases.front().side == Side::Server)
    return has_port ? fmt::format("on :{}", service.port) : "on " + whywait::text(service);
  std::set<Endpoint> destinations;
  for (const auto& c : cases) destinations.insert(c.service);
  if (destinations.size() == 1) return "with " + whywait::text(*destinations.begin());
  return has_port ? fmt::format("with {} destinations on port {}", destinations.size(), service.port)
                  : fmt::format("with {} destinations", destinations.size());
}

}  // namespace whywait::render
