#include "sources/live/live.h"

#include "linux/procfs.h"
#include "sources/live/holders.h"
#include "sources/live/processes.h"
#include "sources/live/second_look.h"

#include <array>
#include <map>
#include <thread>
#include <vector>

#include <fcntl.h>
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

// What each of these processes was seen to hold.
std::map<Pid, std::vector<Holder>> held_by(const Facts& facts, const std::vector<Pid>& pids) {
  std::map<Pid, std::vector<Holder>> out;
  for (const auto pid : pids) out[pid];
  if (!facts.holders) return out;
  for (const auto& h : facts.holders->rows) {
    if (const auto it = out.find(h.pid); it != out.end()) it->second.push_back(h);
  }
  return out;
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
  Facts facts;
  facts.host = host_name();
  facts.boot_id = boot_id();
  facts.taken_at = std::chrono::system_clock::now();
  facts.uptime = uptime();
  facts.as_root = geteuid() == 0;
  auto reading = read_socket_tables(options_.way, options_.own_namespace_only);
  first_look_ = Clock::now();
  facts.table = std::move(reading.table);
  facts.whole = std::move(reading.whole);
  facts.gaps = std::move(reading.gaps);
  return facts;
}

void Live::answer(std::span<const Need> needs, Facts& facts) const {
  std::vector<Pid> processes;
  std::vector<Pid> threads;
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
    }
  }
  for (const auto& [pid, held] : held_by(facts, processes)) {
    facts.processes.insert_or_assign(pid, read_process(pid, held));
  }
  if (threads.empty() && rows.empty()) return;

  std::map<Pid, ThreadWatch> watches;
  for (const auto& [pid, held] : held_by(facts, threads)) watches.emplace(pid, ThreadWatch(pid, held));
  std::this_thread::sleep_for(pause(!threads.empty(), !rows.empty()));
  for (const auto& [pid, watch] : watches) facts.threads.insert_or_assign(pid, watch.look_again());
  if (!rows.empty()) look_again(rows, first_look_, options_.way, options_.own_namespace_only, facts);
}

// The threads are watched from now on; of what the rows need, a part has passed.
Milliseconds Live::pause(bool threads, bool rows) const {
  if (threads) return rows ? options_.look : std::min(options_.look, Options{}.look);
  const auto passed = since(first_look_);
  return passed < options_.look ? options_.look - passed : Milliseconds(0);
}

}  // namespace whywait::live
