#include "diagnose/wait_chain.h"

#include "core/sorted.h"
#include "rules/blocked.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace whywait {
namespace {

constexpr size_t kMostHops = 16;

// One way on, and the threads that wait like that.
struct Edge {
  Hop hop;
  bool operator<(const Edge& other) const { return key() < other.key(); }
  std::tuple<Hop::Via, uint32_t, uint32_t, Tid> key() const {
    return {hop.via, hop.row, hop.inode, hop.owner};
  }
};

class Finder {
 public:
  explicit Finder(ChainIndex& index) : facts_(index.facts()), index_(index) {}

  WaitChain follow(Pid from) {
    go_on(from, std::nullopt);
    return std::move(chain_);
  }

  WaitChain follow_row(uint32_t row, Pid from) {
    Hop hop{.from = from,
            .threads = 1,
            .via = Hop::Via::Connection,
            .row = row,
            .confidence = Confidence::Possible};
    reach_peer(hop);
    if (add(hop)) go_on(*hop.to, std::nullopt);
    return std::move(chain_);
  }

 private:
  // From all threads of a process, or from one that has a lock.
  void go_on(Pid pid, std::optional<Tid> only) {
    while (chain_.hops.size() < kMostHops) {
      const auto* threads = known(pid);
      if (threads == nullptr) return;
      const auto hop = leads_on(pid, *threads, only);
      if (!hop || !add(*hop)) return;
      only = hop->via == Hop::Via::Lock ? std::optional(hop->owner) : std::nullopt;
      pid = *hop->to;
    }
  }

  // Nothing to follow where it ends or goes round.
  bool add(Hop hop) {
    const auto seen = std::pair(hop.to.value_or(Pid{0}), hop.via == Hop::Via::Lock ? hop.owner : Tid{0});
    visited_.insert({hop.from, Tid{0}});
    hop.loops = hop.to && !visited_.insert(seen).second;
    chain_.hops.push_back(hop);
    chain_.end.reset();
    chain_.waits_back = false;
    came_by_ = hop.peer_row;
    return hop.to && !hop.loops;
  }

  const Threads* known(Pid pid) {
    const auto& threads = facts_.threads_of(pid);
    const auto& process = facts_.process(pid);
    if (!threads) chain_.needs.push_back({.what = Question::Threads, .pid = pid});
    if (!process) chain_.needs.push_back({.what = Question::Process, .pid = pid});
    const Need details{.what = Question::Details, .pid = pid};
    if (facts_.missing(details) == Missing::NotAsked) chain_.needs.push_back(details);
    if (!threads || !process) return nullptr;
    chain_.end = blocked_on(*process, *threads);
    return &*threads;
  }

  // The wait that most of its threads share. A process that cannot run, or that computes, waits for nothing.
  std::optional<Hop> leads_on(Pid pid, const Threads& threads, std::optional<Tid> only) {
    if (cannot_run(*chain_.end) || chain_.end->kind == Block::Spinning) return std::nullopt;
    std::map<Edge, uint32_t> edges;
    for (const auto& t : threads.list) {
      if (only && t.tid != *only) continue;
      if (const auto hop = from_thread(pid, t)) ++edges[Edge{*hop}];
    }
    const auto best = std::max_element(edges.begin(), edges.end(), [](const auto& a, const auto& b) {
      const auto is_lock = [](const auto& e) { return e.first.hop.via == Hop::Via::Lock; };
      return std::pair(is_lock(a), a.second) < std::pair(is_lock(b), b.second);
    });
    if (best == edges.end()) return std::nullopt;
    auto hop = best->first.hop;
    hop.threads = best->second;
    if (hop.via == Hop::Via::Connection) reach_peer(hop);
    return hop;
  }

  std::optional<Hop> from_thread(Pid pid, const Thread& t) {
    Hop hop{.from = pid, .tid = t.tid, .threads = 1};
    if (t.lock_owner) return by_lock(hop, *t.lock_owner, pid);
    if (!t.system_call || t.state != RunState::Sleeping) return std::nullopt;
    switch (t.system_call->call) {
      case Call::Receive:
      case Call::Send:
      case Call::Connect: return by_file(hop, t);
      case Call::FileLock: return by_file_lock(hop);
      case Call::Poll: return by_poll(hop);
      case Call::None:
      case Call::Accept:
      case Call::Epoll:
      case Call::Futex:
      case Call::Sleep:
      case Call::WaitChild:
      case Call::WaitSignal:
      case Call::IoUring:
      case Call::Other: return std::nullopt;
    }
    return std::nullopt;
  }

  static std::optional<Hop> by_lock(Hop hop, Tid owner, Pid pid) {
    hop.via = Hop::Via::Lock;
    hop.owner = owner;
    hop.to = pid;
    return hop;
  }

  std::optional<Hop> by_file(Hop hop, const Thread& t) {
    if (!t.file) return std::nullopt;
    switch (t.file->kind) {
      case CallFile::Kind::Other: return std::nullopt;
      case CallFile::Kind::Pipe: return by_pipe(hop, t.file->inode, t.system_call->call == Call::Receive);
      case CallFile::Kind::Socket: break;
    }
    const auto row = index_.row_of(t.file->inode);
    if (!row) return by_unix_socket(hop, t.file->inode);
    hop.row = *row;
    return over_connection(hop);
  }

  // For a thread in poll(), the kernel's list of waiters shows what it polls; of several, it may wait for
  // any.
  std::optional<Hop> by_poll(Hop hop) {
    std::optional<uint32_t> row;
    for (const auto& w : index_.waits_of(hop.tid)) {
      if (facts_.table.connections[w.row].state == State::Listen) continue;
      const bool is_back = w.row == came_by_;
      chain_.waits_back = chain_.waits_back || is_back;
      if (is_back) continue;
      if (row) return std::nullopt;
      row = w.row;
    }
    if (!row) return std::nullopt;
    hop.row = *row;
    hop.confidence = Confidence::Likely;
    return over_connection(hop);
  }

  // Do not go back over the connection by which the chain arrived: a process that was asked for something
  // waits for it.
  std::optional<Hop> over_connection(Hop hop) {
    if (hop.row == came_by_) {
      chain_.waits_back = true;
      return std::nullopt;
    }
    return hop;
  }

  const Partners* partners() {
    if (facts_.partners) return &*facts_.partners;
    const Need need{.what = Question::Partners};
    if (std::find(chain_.needs.begin(), chain_.needs.end(), need) == chain_.needs.end())
      chain_.needs.push_back(need);
    return nullptr;
  }

  // Among the holders of the other end, ignores `from` itself if there is another.
  static void choose(Hop& hop, std::vector<Pid> pids) {
    sort_once(pids);
    if (pids.size() > 1) std::erase(pids, hop.from);
    if (pids.empty()) return;
    hop.to = pids.front();
    if (pids.size() > 1) hop.confidence = Confidence::Possible;
  }

  std::optional<Hop> by_pipe(Hop hop, uint32_t inode, bool reads) {
    hop.via = Hop::Via::Pipe;
    hop.inode = inode;
    if (const auto* p = partners()) {
      std::vector<Pid> others;
      for (const auto& end : p->ends_of(inode)) {
        if (reads ? end.writes : end.reads) others.push_back(end.pid);
      }
      choose(hop, std::move(others));
    }
    return hop;
  }

  std::optional<Hop> by_unix_socket(Hop hop, uint32_t inode) {
    hop.via = Hop::Via::UnixSocket;
    hop.inode = inode;
    if (const auto* p = partners(); p != nullptr && p->peer_of(inode) != 0) {
      choose(hop, holders_of(p->peer_of(inode)));
    }
    return hop;
  }

  std::optional<Hop> by_file_lock(Hop hop) {
    hop.via = Hop::Via::FileLock;
    if (const auto* p = partners()) {
      std::vector<Pid> owners;
      for (const auto& lock : p->locks_of(hop.from)) owners.push_back(lock.owner);
      choose(hop, std::move(owners));
    }
    return hop;
  }

  std::vector<Pid> holders_of(uint32_t inode) const {
    std::vector<Pid> out;
    if (!facts_.holders || inode == 0) return out;
    for (const auto& h : facts_.holders->of(inode)) out.push_back(h.pid);
    return out;
  }

  // The holders of the other end or, if it was not accepted, the processes that should accept it.
  void reach_peer(Hop& hop) {
    hop.peer_row = index_.other_end_of(hop.row);
    if (!hop.peer_row) return;
    const auto& other = facts_.table.connections[*hop.peer_row];
    const auto inode = other.inode().value_or(0);
    choose(hop, inode != 0 ? holders_of(inode) : acceptors_of(other));
  }

  std::vector<Pid> acceptors_of(const Connection& c) {
    std::vector<Pid> out;
    if (c.state != State::Established && c.state != State::CloseWait) return out;
    for (const auto row : index_.listeners_on(c.netns, c.local.port)) {
      const auto& l = facts_.table.connections[row];
      if (!l.local.address.is_unspecified() && l.local.address != c.local.address) continue;
      for (const auto pid : holders_of(l.inode().value_or(0))) out.push_back(pid);
    }
    return out;
  }

  const Facts& facts_;
  ChainIndex& index_;
  WaitChain chain_;
  std::optional<uint32_t> came_by_;  // the row of the end to which the last hop led
  std::set<std::pair<Pid, Tid>> visited_;
};

}  // namespace

WaitChain wait_chain(Pid from, ChainIndex& index) { return Finder(index).follow(from); }

WaitChain wait_chain(Pid from, const Facts& facts) {
  ChainIndex index(facts);
  return wait_chain(from, index);
}

WaitChain wait_chain_by(uint32_t row, Pid from, ChainIndex& index) {
  return Finder(index).follow_row(row, from);
}

}  // namespace whywait
