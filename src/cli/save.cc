#include "cli/commands.h"
#include "cli/new_file.h"
#include "cli/output.h"
#include "core/sorted.h"
#include "diagnose/wait_chain.h"
#include "linux/privileges.h"
#include "render/numbers.h"
#include "sources/saved/saved.h"

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <unistd.h>

namespace whywait::cli {
namespace {

using render::plural;

// Of so many processes the threads are read in the time of the pause between the looks or little more, and of
// so many rows the second look is one more reading of the table. Of a host that has more, what the diagnosis
// asks for is answered, and who holds what.
constexpr size_t kMostProcesses = 2000;
constexpr size_t kMostRows = 16'384;

std::vector<Pid> holders_of(const Facts& facts) {
  std::vector<Pid> out;
  if (!facts.holders) return out;
  for (const auto& h : facts.holders->rows) {
    if (out.empty() || out.back() != h.pid) out.push_back(h.pid);
  }
  sort_once(out);
  return out;
}

// A second look at these tells nothing.
bool is_still(State state) {
  return state == State::Listen || state == State::TimeWait || state == State::Closed;
}

// What `list` and `inspect` would ask, of anything that is there.
std::vector<Need> needs_of_others(const Facts& facts, const std::vector<Pid>& pids) {
  std::vector<Need> out = {{.what = Question::Partners}};
  for (const auto pid : pids) {
    out.push_back({.what = Question::Process, .pid = pid});
    if (pids.size() > kMostProcesses) continue;
    out.push_back({.what = Question::Threads, .pid = pid});
    out.push_back({.what = Question::Details, .pid = pid});
  }
  const auto& rows = facts.table.connections;
  if (rows.size() > kMostRows) return out;
  for (uint32_t row = 0; row < rows.size(); ++row) {
    if (!is_still(rows[row].state)) out.push_back({.what = Question::SecondLook, .row = row});
  }
  return out;
}

// Hop by hop, all of them at once: each hop costs a pause.
void follow_chains(const std::vector<Pid>& pids, Facts& facts, const Collect& collect) {
  if (pids.size() > kMostProcesses || facts.table.connections.size() > kMostRows) return;
  constexpr int kMostHops = 16;
  for (int hop = 0; hop < kMostHops; ++hop) {
    std::vector<Need> needs;
    ChainIndex index(facts);
    for (const auto pid : pids) {
      for (const auto& need : wait_chain(pid, index).needs) {
        if (facts.missing(need) == Missing::NotAsked) needs.push_back(need);
      }
    }
    if (needs.empty()) return;
    sort_once(needs);
    collect(needs, facts);
  }
}

// Begun with what the others would ask, so that all of it costs one pause.
Diagnosis know_all(live::Live& source) {
  Diagnosis out{.facts = source.begin(), .judgement = {}};
  const auto collect = [&](std::span<const Need> needs, Facts& facts) { source.answer(needs, facts); };
  const Need holders{.what = Question::Holders};
  collect({&holders, 1}, out.facts);
  const auto pids = holders_of(out.facts);
  auto needs = needs_of_others(out.facts, pids);
  const auto of_rules = judge(out.facts).needs;
  needs.insert(needs.end(), of_rules.begin(), of_rules.end());
  sort_once(needs);
  collect(needs, out.facts);
  out.judgement = diagnose(out.facts, collect);
  follow_chains(pids, out.facts, collect);
  return out;
}

saved::Salt random_salt() {
  std::random_device random;
  saved::Salt out{};
  std::generate(out.begin(), out.end(), std::ref(random));
  return out;
}

void tell(const Facts& facts, const SaveOptions& options, uint64_t bytes) {
  const bool to_file = options.file != "-";
  const auto name = to_file ? render::printable(options.file) : "FILE";
  const auto processes = facts.processes.size();
  complain(fmt::format("wrote {}, {} process{} and {}{}",
                       plural(facts.table.connections.size(), "connection"), grouped(processes),
                       processes == 1 ? "" : "es", plural(bytes, "byte"),
                       to_file ? fmt::format(", to {}", name) : ""));
  complain(options.redact
               ? "other names stand for addresses, hosts, processes, units, containers and users; ports, "
                 "process ids and times are real"
               : "in it are addresses, and names and command lines of processes, which may hold secrets: "
                 "--redact leaves them out");
  complain(fmt::format("whywait --from {}   reads it, here or elsewhere", name));
}

// The status; or an error, of which it was told.
int write_to_stdout(const Facts& facts, uint64_t& bytes) {
  return answer_in_parts([&](const render::Sink& sink) {
    saved::write(facts, WHYWAIT_VERSION, [&](std::string_view part) {
      bytes += part.size();
      return sink(part);
    });
  });
}

int write_to_file(const Facts& facts, const SaveOptions& options, uint64_t& bytes) {
  auto file = NewFile::open(options.file, options.force);
  std::optional<std::string> error;
  if (file) {
    saved::write(facts, WHYWAIT_VERSION, [&](std::string_view part) {
      bytes += part.size();
      return file->write(part);
    });
    error = file->finish();
  } else {
    error = file.error();
  }
  if (!error) return 0;
  complain(*error);
  return 1;
}

}  // namespace

int save(const Common& common, const SaveOptions& options) {
  if (common.json) {
    complain("save writes what was read, and no answer that could be JSON; `whywait --json` judges it");
    return 2;
  }
  if (!common.from.files.empty()) {
    complain("save writes what is true of this machine now; what --from names is in a file already");
    return 2;
  }
  const bool to_stdout = options.file == "-";
  if (to_stdout && isatty(STDOUT_FILENO) != 0) {
    complain("what is saved is no text for a terminal: name a file, or send it on with `whywait save - | …`");
    return 2;
  }
  // What cannot be written need not be read.
  if (const auto why = to_stdout ? std::nullopt : why_not_new(options.file, options.force)) {
    complain(*why);
    return 1;
  }
  if (const auto kept = linux_os::keep_reading_and_file_rights(); !kept) complain(kept.error().text());
  live::Live source(common.live);
  auto d = know_all(source);
  tell_ways(common, source);
  if (options.redact) d.facts = saved::redact(std::move(d.facts), random_salt());
  uint64_t bytes = 0;
  const int status = to_stdout ? write_to_stdout(d.facts, bytes) : write_to_file(d.facts, options, bytes);
  if (status != 0) return status;
  tell(d.facts, options, bytes);
  return whywait::status(d.facts, d.judgement) == Status::Unknown ? 1 : 0;
}

}  // namespace whywait::cli
