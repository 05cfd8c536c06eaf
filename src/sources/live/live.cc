#include "sources/live/live.h"

#include "linux/procfs.h"
#include "sources/live/details.h"
#include "sources/live/holders.h"
#include "sources/live/partners.h"
#include "sources/live/processes.h"
#include "sources/live/second_look.h"

#include <algorithm>
#include <array>
#include <map>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sysinfo.h>
#include <unistd.h>

namespace whywait::live {
namespace {

using Clock = std::chrono::steady_clock;

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string boot_id() {
  auto text = linux_os::read_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id").value_or(std::string());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::optional<Milliseconds> uptime() {
  struct sysinfo info {};
  if (sysinfo(&info) != 0) return std::nullopt;
  return std::chrono::seconds(info.uptime);
}

Milliseconds since(Clock::time_point from) {
  return std::chrono::duration_cast<Milliseconds>(Clock::now() - from);
}

// The descriptors that each of these processes was seen to have.
std::map<Pid, std::vector<Holder>> held_by(const Facts& facts, const std::vector<Pid>& pids) {
  std::map<Pid, std::vector<Holder>> out;
  for (const auto pid : pids) out[pid];
  if (!facts.holders) return out;
  for (const auto& h : facts.holders->rows) {
    if (const auto it = out.find(h.pid); it != out.end()) it->second.push_back(h);
  }
  return out;
}

std::optional<uint32_t> pipes_of(Pid pid, const Facts& facts) {
  if (!facts.holders || !facts.holders->pipes) return std::nullopt;
  const auto it = facts.holders->pipes->find(pid);
  return it == facts.holders->pipes->end() ? 0 : it->second;
}

// More than the kernel keeps for handshakes and TIME_WAIT, which it counts separately.
bool is_whole_socket(const Connection& c) {
  if (c.state == State::TimeWait || c.state == State::SynReceived) return false;
  return c.state != State::FinWait2 || !c.timer() || c.timer()->kind != TimerKind::TimeWait;
}

void add_gaps_of_holders(Facts& facts) {
  if (!facts.holders) {
    facts.gaps.push_back({.what = Gap::What::Descriptors, .why = facts.holders.error()});
    return;
  }
  const auto& h = *facts.holders;
  if (h.unreadable > 0) {
    facts.gaps.push_back({.what = Gap::What::Descriptors, .count = h.unreadable, .pid = h.first_unreadable});
  }
  if (h.outside) facts.gaps.push_back({.what = Gap::What::Processes, .why = Missing::NotOffered});
}

}  // namespace

Facts Live::begin() {
  begun_ = {};
  Facts facts;
  facts.host = host_name();
  facts.boot_id = boot_id();
  facts.taken_at = std::chrono::system_clock::now();
  facts.uptime = uptime();
  facts.as_root = geteuid() == 0;
  if (begin_by_iterators(facts)) return facts;
  auto reading = read_socket_tables(options_.method, options_.own_namespace_only);
  begun_.first_look = Clock::now();
  facts.table = std::move(reading.table);
  facts.whole = std::move(reading.whole);
  facts.gaps = std::move(reading.gaps);
  look_for_hidden(facts);
  return facts;
}

// The kernel counts all sockets of TCP that it has. Many more than have rows are dead connections whose
// descriptors stay, or not connected yet, or in a namespace that may not be entered: which, only the
// iterators tell.
void Live::look_for_hidden(Facts& facts) {
  constexpr uint64_t kMuch = 8;
  if (!options_.bpf || !facts.as_root || options_.method == ReadMethod::ProcNetOnly) return;
  const auto sockets = read_sockstat();
  const auto& rows = facts.table.connections;
  const auto shown = static_cast<uint64_t>(std::count_if(rows.begin(), rows.end(), is_whole_socket));
  if (!sockets || sockets->allocated < shown + kMuch) return;
  note(fmt::format("{} sockets of TCP have no row: looked for with BPF iterators",
                   sockets->allocated - shown));
  if (const auto loaded = begun_.iterators.prepare(sockets); !loaded) return refuse_iterators(loaded.error());
  take_iterators(facts);
}

// The time that a great table takes to be read is a look at the threads as well.
bool Live::begin_by_iterators(Facts& facts) {
  const auto sockets = read_sockstat();
  const bool many = sockets && sockets->allocated + sockets->time_wait >= kMany;
  if (!options_.bpf) note("BPF: not used, as --no-bpf tells");
  if (!options_.bpf || options_.method == ReadMethod::ProcNetOnly) return false;
  if (!many) {
    note(fmt::format("sockets: read via sock_diag ({} sockets)", sockets ? sockets->allocated : 0));
    return false;
  }
  if (const auto loaded = begun_.iterators.prepare(sockets); !loaded) {
    refuse_iterators(loaded.error());
    return false;
  }
  if (begun_.iterators.has_threads()) {
    auto threads = begun_.iterators.read_threads();
    begun_.first_threads_at = Clock::now();
    if (threads) begun_.first_threads = std::move(*threads);
  }
  note(fmt::format("sockets, holders and details: BPF iterators, for {} are many", sockets->allocated));
  return take_iterators(facts);
}

bool Live::take_iterators(Facts& facts) {
  auto reading = read_iterators();
  if (!reading) return false;
  begun_.first_look = Clock::now();
  facts.table = std::move(reading->table);
  facts.whole = std::move(reading->whole);
  facts.gaps = std::move(reading->gaps);
  facts.holders = std::move(reading->holders);
  facts.details = std::move(reading->details);
  add_gaps_of_holders(facts);
  return true;
}

std::optional<IteratorReading> Live::read_iterators() {
  if (!options_.bpf || begun_.refused) return std::nullopt;
  auto reading = begun_.iterators.read(options_.own_namespace_only);
  for (const auto& line : begun_.iterators.refused()) note("BPF: without " + line);
  if (reading) return std::move(*reading);
  refuse_iterators(reading.error());
  return std::nullopt;
}

void Live::refuse_iterators(const linux_os::Error& error) {
  begun_.refused = true;
  note("BPF: not used: " + error.text());
}

void Live::note(std::string line) {
  if (std::find(begun_.notes.begin(), begun_.notes.end(), line) == begun_.notes.end())
    begun_.notes.push_back(std::move(line));
}

void Live::answer_details(const std::vector<Pid>& pids, Facts& facts) {
  if (!facts.details && facts.details.error() == Missing::NotAsked) {
    if (auto reading = read_iterators()) {
      note("details of sockets: BPF iterators");
      join_details(*reading, facts);
      return;
    }
    facts.details = SocketDetails{};
    note("details of sockets: /proc");
  }
  if (facts.details) read_details(pids, facts);
}

std::map<Pid, ThreadWatch> Live::watch(const std::vector<Pid>& pids, const Facts& facts) const {
  std::map<Pid, ThreadWatch> out;
  for (const auto& [pid, held] : held_by(facts, pids)) {
    out.emplace(pid, begun_.first_threads
                         ? ThreadWatch(pid, held, *begun_.first_threads, begun_.first_threads_at)
                         : ThreadWatch(pid, held));
  }
  return out;
}

// Since when the threads that were looked at have not been given a CPU.
void Live::add_last_given_cpu(const std::vector<Pid>& pids, Facts& facts) const {
  const auto times =
      begun_.iterators.has_threads() ? begun_.iterators.read_threads() : linux_os::Result<ThreadTimes>();
  for (const auto pid : pids) {
    auto& threads = facts.threads.at(pid);
    if (!threads) continue;
    for (auto& t : threads->list) {
      t.last_given_cpu = tl::unexpected(Missing::NotOffered);
      if (!times) continue;
      const auto it = times->find(t.tid);
      if (it != times->end()) t.last_given_cpu = it->second.last_given_cpu;
    }
  }
}

void Live::answer(std::span<const Need> needs, Facts& facts) {
  std::vector<Pid> processes;
  std::vector<Pid> threads;
  std::vector<Pid> details;
  std::vector<uint32_t> rows;
  for (const auto& need : needs) {
    if (facts.missing(need) != Missing::NotAsked) continue;
    switch (need.what) {
      case Question::Holders:
        facts.holders = read_holders();
        add_gaps_of_holders(facts);
        break;
      case Question::Process: processes.push_back(need.pid); break;
      case Question::Threads: threads.push_back(need.pid); break;
      case Question::SecondLook: rows.push_back(need.row); break;
      case Question::Details: details.push_back(need.pid); break;
      case Question::Partners: facts.partners = read_partners(); break;
    }
  }
  for (const auto& [pid, held] : held_by(facts, processes)) {
    facts.processes.insert_or_assign(pid, read_process(pid, held, pipes_of(pid, facts)));
  }
  if (!details.empty()) answer_details(details, facts);
  if (threads.empty() && rows.empty()) return;

  const auto watches = watch(threads, facts);
  std::this_thread::sleep_for(pause(!threads.empty(), !rows.empty()));
  for (const auto& [pid, watch] : watches) facts.threads.insert_or_assign(pid, watch.look_again());
  add_last_given_cpu(threads, facts);
  if (!rows.empty()) look_again(rows, begun_.first_look, options_.method, options_.own_namespace_only, facts);
}

// The time since the first looks counts towards the pause: since the look at the rows and, if a great table
// was read, since the look at the threads.
Milliseconds Live::pause(bool threads, bool rows) const {
  const auto left = [](Milliseconds look, Clock::time_point from) {
    return std::max(look - since(from), Milliseconds(0));
  };
  // While a great table is read a thread that gets a CPU at all has had one.
  constexpr Milliseconds kOverATable{100};
  const auto for_threads = std::min(options_.look, Options{}.look);
  Milliseconds out{0};
  if (threads)
    out = begun_.first_threads ? left(std::min(for_threads, kOverATable), begun_.first_threads_at)
                               : for_threads;
  if (rows) out = std::max(out, left(options_.look, begun_.first_look));
  return out;
}

}  // namespace whywait::live
