#include "diagnose/portrait_subjects.h"

#include "diagnose/chain_index.h"
#include "rules/blocked.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace whywait {
namespace {

// The row of a socket that a thread may wait on; nothing if it has none.
using Sockets = std::map<std::pair<Pid, int32_t>, std::optional<uint32_t>>;

struct Reached {
  WaitsOn what = WaitsOn::NothingNamed;
  uint32_t row = 0;
};

class Describer {
 public:
  Describer(std::span<Subject> subjects, const Facts& facts, const HolderIndex& index)
      : subjects_(subjects), facts_(facts), index_(index), chains_(facts) {
    for (auto& s : subjects_) {
      by_pid_[s.pid] = &s;
      const auto& threads = facts_.threads_of(s.pid);
      if (!threads) continue;
      for (const auto& t : threads->list) {
        if (t.system_call && t.system_call->fd) named_[{s.pid, *t.system_call->fd}];
      }
    }
    if (!facts_.details) return;
    for (const auto& w : facts_.details->waiters) sleeps_on_.emplace(w.tid, w.row);
  }

  void describe() {
    if (facts_.holders) look_at_descriptors(*facts_.holders);
    for (auto& s : subjects_) {
      const auto& process = facts_.process(s.pid);
      const auto& threads = facts_.threads_of(s.pid);
      if (!threads) continue;
      tally_threads(s, *threads);
      if (process) s.blocked_on = blocked_on(*process, *threads);
      s.chain = wait_chain(s.pid, chains_);
    }
  }

 private:
  Subject* subject(Pid pid) const {
    const auto it = by_pid_.find(pid);
    return it == by_pid_.end() ? nullptr : it->second;
  }

  // First those of which there is a row, which takes a walk over the table, then the others.
  void look_at_descriptors(const HolderTable& holders) {
    std::vector<bool> has_row(holders.rows.size());
    uint32_t row = 0;
    for (const auto& c : facts_.table.connections) {
      for (const auto& h : index_.of(c)) {
        has_row[static_cast<size_t>(&h - holders.rows.data())] = true;
        auto* s = subject(h.pid);
        if (s == nullptr) continue;
        ++(c.state == State::Closed ? s->descriptors.dead : s->descriptors.tcp);
        found(h, row);
      }
      ++row;
    }
    for (size_t i = 0; i < holders.rows.size(); ++i) {
      const auto& h = holders.rows[i];
      auto* s = has_row[i] ? nullptr : subject(h.pid);
      if (s == nullptr) continue;
      ++without_row(s->descriptors, holders.not_in_table_as(h.inode));
      found(h, std::nullopt);
    }
    for (const auto& ring : holders.rings) {
      if (auto* s = subject(ring.pid)) ++s->descriptors.in_rings;
    }
  }

  static uint32_t& without_row(DescriptorTally& d, std::optional<NotInTable> what) {
    if (!what) return d.unknown;
    switch (*what) {
      case NotInTable::Other: return d.other;
      case NotInTable::Mptcp: return d.mptcp;
      case NotInTable::Unconnected:
      case NotInTable::Tcp: return d.unconnected;
    }
    return d.unknown;
  }

  void found(const Holder& h, std::optional<uint32_t> row) {
    if (!named_.contains({h.pid, h.fd})) return;
    sockets_[{h.pid, h.fd}] = row;
  }

  Reached reached_by(Pid pid, const Thread& t) const {
    if (const auto it = sleeps_on_.find(t.tid); it != sleeps_on_.end()) return {WaitsOn::Socket, it->second};
    if (!t.system_call || !t.system_call->fd) return {};
    if (!facts_.holders) return {WaitsOn::NotKnown};
    const auto it = sockets_.find({pid, *t.system_call->fd});
    if (it == sockets_.end()) return {WaitsOn::NoSocket};
    return it->second ? Reached{WaitsOn::Socket, *it->second} : Reached{WaitsOn::OtherSocket};
  }

  void tally_threads(Subject& s, const Threads& threads) const {
    using Key = std::tuple<RunState, int, std::string, WaitsOn, std::optional<State>>;
    std::map<Key, size_t> places;
    for (const auto& t : threads.list) {
      const auto reached = reached_by(s.pid, t);
      std::optional<State> state;
      if (reached.what == WaitsOn::Socket) state = facts_.table.connections[reached.row].state;
      const int call = t.system_call ? static_cast<int>(t.system_call->call) : -1;
      const auto [it, is_new] = places.try_emplace(
          Key{t.state, call, t.wait_channel.value_or(""), reached.what, state}, s.threads.size());
      if (is_new) s.threads.push_back(first_of(t, reached, state));
      add(s.threads[it->second], t);
    }
    std::stable_sort(s.threads.begin(), s.threads.end(),
                     [](const ThreadTally& a, const ThreadTally& b) { return a.count > b.count; });
  }

  static ThreadTally first_of(const Thread& t, const Reached& reached, std::optional<State> state) {
    ThreadTally out{.state = t.state,
                    .wait_channel = t.wait_channel,
                    .waits_on = reached.what,
                    .socket_state = state,
                    .tid = t.tid,
                    .row = reached.row};
    out.call = tl::unexpected(t.system_call ? Missing::NotAsked : t.system_call.error());
    if (t.system_call) {
      out.call = t.system_call->call;
      out.fd = t.system_call->fd;
    }
    return out;
  }

  static void add(ThreadTally& to, const Thread& t) {
    ++to.count;
    if (t.ran) {
      to.ran += *t.ran;
      ++to.ran_known;
    }
    if (t.last_given_cpu)
      to.last_given_cpu = std::min(to.last_given_cpu.value_or(*t.last_given_cpu), *t.last_given_cpu);
  }

  std::span<Subject> subjects_;
  const Facts& facts_;
  const HolderIndex& index_;
  ChainIndex chains_;
  std::unordered_map<Pid, Subject*> by_pid_;
  Sockets named_;    // by the calls of the threads
  Sockets sockets_;  // of these, those that are sockets
  std::unordered_map<Tid, uint32_t> sleeps_on_;
};

}  // namespace

void describe(std::span<Subject> subjects, const Facts& facts, const HolderIndex& index) {
  Describer(subjects, facts, index).describe();
}

}  // namespace whywait
