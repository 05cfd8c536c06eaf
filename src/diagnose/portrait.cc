#include "diagnose/portrait.h"

#include "core/holder_index.h"
#include "diagnose/cases.h"
#include "diagnose/portrait_subjects.h"
#include "diagnose/table_index.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace whywait {
namespace {

// The most rows to look at again for the portrait alone: each costs two system calls, and a sample shows
// whether the connections of a process move at all.
constexpr size_t kLookedAgain = 100;

template <class T>
void keep_most(std::vector<T>& tallies, size_t kept) {
  std::stable_sort(tallies.begin(), tallies.end(), [](const T& a, const T& b) { return a.count > b.count; });
  if (tallies.size() > kept) tallies.erase(tallies.begin() + static_cast<ptrdiff_t>(kept), tallies.end());
}

class PortraitBuilder {
 public:
  PortraitBuilder(const Facts& facts, const Judgement& judgement, const Target& target)
      : facts_(facts), judgement_(judgement), index_(index_of(facts.holders)), land_(facts) {
    out_.target = target;
    is_in_.resize(facts.table.connections.size());
  }

  Portrait paint() {
    find_rows();
    for (const auto i : out_.rows) is_in_[i] = true;
    std::map<std::pair<Side, Endpoint>, uint32_t> services;
    std::vector<std::pair<uint32_t, Address>> peers;  // by service
    for (const auto i : out_.rows) {
      add_state(i);
      add_service(i, services, peers);
    }
    finish_services(std::move(peers));
    find_subjects();
    find_other_ends();
    describe(out_.subjects, facts_, index_);
    find_verdicts();
    return std::move(out_);
  }

 private:
  const Connection& row(uint32_t i) const { return facts_.table.connections[i]; }
  std::optional<Pid> pid() const {
    const auto* p = std::get_if<Pid>(&out_.target);
    return p == nullptr ? std::nullopt : std::optional(*p);
  }

  void find_rows() {
    if (pid()) return find_rows_of_process(*pid());
    const auto* ends = std::get_if<Ends>(&out_.target);
    const auto* port = std::get_if<Port>(&out_.target);
    uint32_t i = 0;
    for (const auto& c : facts_.table.connections) {
      const bool local = port != nullptr && c.local.port == static_cast<uint16_t>(*port);
      const bool remote = port != nullptr && c.remote.port == static_cast<uint16_t>(*port);
      if (local || remote || (ends != nullptr && joins(c, *ends))) out_.rows.push_back(i);
      ++i;
    }
    // From the server's end first.
    std::stable_partition(out_.rows.begin(), out_.rows.end(), [&](uint32_t r) {
      return port != nullptr && row(r).local.port == static_cast<uint16_t>(*port);
    });
  }

  static bool joins(const Connection& c, const Ends& e) {
    if (c.state == State::Listen) return false;
    return (c.local == e.one && c.remote == e.other) || (c.local == e.other && c.remote == e.one);
  }

  void find_rows_of_process(Pid pid) {
    const auto& process = facts_.process(pid);
    if (!facts_.holders) {
      out_.sockets_missing = facts_.holders.error();
      return;
    }
    std::vector<bool> held(is_in_.size());
    for (uint32_t i = 0; i < held.size(); ++i) {
      const auto holders = index_.of(row(i));
      held[i] = std::any_of(holders.begin(), holders.end(), [&](const Holder& h) { return h.pid == pid; });
      if (held[i]) out_.rows.push_back(i);
    }
    if (process && !process->descriptors && out_.rows.empty()) {
      out_.sockets_missing = process->descriptors.error();
    } else if (may_be_unreadable(pid, *facts_.holders)) {
      out_.sockets_missing = Missing::Denied;
    }
    for (uint32_t i = 0; i < held.size(); ++i) {
      if (is_unaccepted(row(i)) && is_in_queue_of(i, held)) out_.rows.push_back(i);
    }
  }

  // The kernel tells anyone how many descriptors a process has, and lists them to root even if it refuses to
  // say what they are. So "no descriptor is a socket" is known only of a readable process.
  bool may_be_unreadable(Pid pid, const HolderTable& holders) const {
    if (holders.unreadable == 0) return false;
    const bool is_another = holders.first_unreadable != pid && holders.first_unreadable != Pid{0};
    if (holders.unreadable == 1 && is_another) return false;
    if (is_another && was_read(pid, holders)) return false;
    return std::none_of(holders.rows.begin(), holders.rows.end(),
                        [&](const Holder& h) { return h.pid == pid; });
  }

  bool was_read(Pid pid, const HolderTable& holders) const {
    const auto& process = facts_.process(pid);
    if (!facts_.as_root && process && process->descriptors && !holders.pipes) return true;
    // Takes at least the same right.
    const auto& threads = facts_.threads_of(pid);
    return threads && std::any_of(threads->list.begin(), threads->list.end(),
                                  [](const Thread& t) { return t.system_call.has_value(); });
  }

  // An orphan of the kernel is never in these states.
  static bool is_unaccepted(const Connection& c) {
    return c.inode() == 0U && (c.state == State::CloseWait || c.state == State::Established);
  }

  bool is_in_queue_of(uint32_t i, const std::vector<bool>& held) {
    if (facts_.details) {
      if (const auto exact = facts_.details->of(i).listener()) return held[*exact];
    }
    const auto& listeners = land_.listeners(land_.listeners_of(row(i)));
    return std::any_of(listeners.begin(), listeners.end(), [&](uint32_t l) { return held[l]; });
  }

  void add_state(uint32_t i) {
    const auto& c = row(i);
    auto& t = out_.states[c.state];
    ++t.count;
    if (is_unaccepted(c)) ++t.unaccepted;
    const bool may_be_watched = facts_.details && c.inode().value_or(0) != 0;
    if (const auto epoll = may_be_watched ? facts_.details->of(i).epoll() : std::nullopt) t.epoll.add(*epoll);
    if (c.state == State::Listen) {
      out_.listeners.push_back(i);
    } else {
      t.with_recv_q += c.recv_q().value_or(0) > 0 ? 1U : 0U;
      t.recv_q += c.recv_q().value_or(0);
      t.with_send_q += c.send_q().value_or(0) > 0 ? 1U : 0U;
      t.send_q += c.send_q().value_or(0);
    }
    const auto age = age_of_row(facts_.table, i, facts_.uptime);
    if (age && (!t.oldest || age->at_least > t.oldest->at_least)) t.oldest = *age;
    const auto& later = facts_.second.of(i);
    if (!later) return;
    ++out_.looked_again;
    if (again(c, facts_.table.info(c), *later) != ChangeSince::Same) ++out_.moved;
  }

  void add_service(uint32_t i, std::map<std::pair<Side, Endpoint>, uint32_t>& services,
                   std::vector<std::pair<uint32_t, Address>>& peers) {
    const auto& c = row(i);
    if (c.state == State::Listen || c.state == State::Closed) return;
    const bool has_listener = land_.listeners_of(c) != TableIndex::kNobody;
    const auto place = place_of(land_, c, has_listener);
    const auto [it, is_new] = services.try_emplace(place, static_cast<uint32_t>(out_.services.size()));
    if (is_new) out_.services.push_back({.side = place.first, .end = place.second});
    auto& service = out_.services[it->second];
    ++service.count;
    ++service.states[c.state];
    if (service.side == Side::Server) peers.emplace_back(it->second, c.remote.address);
  }

  void finish_services(std::vector<std::pair<uint32_t, Address>>&& peers) {
    std::sort(peers.begin(), peers.end());
    for (auto from = peers.begin(); from != peers.end();) {
      const auto to = std::find_if(from, peers.end(), [&](const auto& p) { return p != *from; });
      out_.services[from->first].peers.push_back({from->second, static_cast<uint32_t>(to - from)});
      from = to;
    }
    for (auto& s : out_.services) {
      s.peer_total = static_cast<uint32_t>(s.peers.size());
      keep_most(s.peers, kPeersKept);
    }
    out_.service_total = static_cast<uint32_t>(out_.services.size());
    keep_most(out_.services, kServicesKept);
  }

  void find_subjects() {
    std::map<Pid, uint32_t> holds;
    if (pid()) holds[*pid()] = 0;
    for (const auto i : out_.rows) {
      std::optional<Pid> last;  // a process with several descriptors of one socket
      for (const auto& h : index_.of(row(i))) {
        if (last != h.pid && (!pid() || h.pid == pid())) ++holds[h.pid];
        last = h.pid;
      }
      if (last) continue;
      auto& none = out_.no_holder[why_no_holder(facts_, i)];
      if (none.count++ == 0) none.row = i;
    }
    for (const auto& [who, n] : holds) out_.subjects.push_back({.pid = who, .holds = n});
    out_.subject_total = static_cast<uint32_t>(holds.size());
    std::stable_sort(out_.subjects.begin(), out_.subjects.end(),
                     [](const Subject& a, const Subject& b) { return a.holds > b.holds; });
    if (out_.subjects.size() > kSubjectsKept)
      out_.subjects.erase(out_.subjects.begin() + kSubjectsKept, out_.subjects.end());
  }

  // The first few holders of a row, each once.
  std::vector<Pid> holders_of(uint32_t i) const {
    std::vector<Pid> pids;
    for (const auto& h : index_.of(row(i))) {
      if (pids.size() == kHoldersKept) break;
      if (pids.empty() || pids.back() != h.pid) pids.push_back(h.pid);
    }
    return pids;
  }

  void find_other_ends() {
    std::vector<Member> members;
    members.reserve(out_.rows.size());
    for (const auto i : out_.rows) {
      if (row(i).state != State::Listen && row(i).state != State::Closed)
        members.emplace_back(i, tl::unexpected(Missing::NotOffered));
    }
    const auto mirrors = land_.find_peers(members);
    using Key = std::tuple<State, State, std::vector<Pid>, std::optional<NoHolder>>;
    std::map<Key, size_t> places;
    std::vector<bool> told(is_in_.size());
    for (size_t k = 0; k < members.size(); ++k) {
      const auto i = members[k].index;
      if (told[i]) continue;
      const auto mirror = mirrors[k];
      if (mirror == kNoRow) {
        ++(members[k].peer == PeerEnd::Closed ? out_.ended_there : out_.elsewhere);
        continue;
      }
      told[mirror] = true;
      auto pids = holders_of(mirror);
      const auto why = pids.empty() ? std::optional(why_no_holder(facts_, mirror)) : std::nullopt;
      const auto [it, is_new] =
          places.try_emplace(Key{row(i).state, row(mirror).state, pids, why}, out_.other_ends.size());
      if (is_new) {
        out_.other_ends.push_back({.here = row(i).state,
                                   .there = row(mirror).state,
                                   .holders = std::move(pids),
                                   .why_none = why,
                                   .row = i,
                                   .mirror = mirror});
      }
      ++out_.other_ends[it->second].count;
    }
    keep_most(out_.other_ends, out_.other_ends.size());
  }

  bool is_about(std::span<const Case> cases) const {
    return std::any_of(cases.begin(), cases.end(), [&](const Case& c) {
      if (pid() && c.holders && std::binary_search(c.holders->begin(), c.holders->end(), *pid())) return true;
      return std::any_of(c.members.begin(), c.members.end(),
                         [&](const Member& m) { return is_in_[m.index]; });
    });
  }

  void find_verdicts() {
    for (uint32_t i = 0; i < judgement_.faults.size(); ++i) {
      const auto& culprits = judgement_.faults[i].finding.culprits;
      const bool is_culprit = pid() && std::any_of(culprits.begin(), culprits.end(),
                                                   [&](const Culprit& c) { return c.pid == *pid(); });
      if (is_culprit || is_about(judgement_.faults[i].cases)) out_.faults.push_back(i);
    }
    for (uint32_t i = 0; i < judgement_.normal.size(); ++i) {
      if (is_about(judgement_.normal[i].cases)) out_.normal.push_back(i);
    }
    for (uint32_t i = 0; i < judgement_.undecided.size(); ++i) {
      if (is_about(judgement_.undecided[i].cases)) out_.undecided.push_back(i);
    }
  }

  const Facts& facts_;
  const Judgement& judgement_;
  const HolderIndex index_;
  TableIndex land_;
  std::vector<bool> is_in_;  // by row
  Portrait out_;
};

}  // namespace

Portrait make_portrait(const Facts& facts, const Judgement& judgement, const Target& target) {
  return PortraitBuilder(facts, judgement, target).paint();
}

std::vector<Need> needs_of(const Portrait& portrait, const Facts& facts) {
  std::set<Need> needs;
  for (const auto& s : portrait.subjects) {
    for (const auto what : {Question::Process, Question::Threads, Question::Details})
      needs.insert({.what = what, .pid = s.pid});
  }
  size_t named = 0;
  for (const auto& end : portrait.other_ends) {
    if (named++ == kOtherEndsNamed) break;
    for (const auto pid : end.holders) needs.insert({.what = Question::Process, .pid = pid});
  }
  std::vector<uint32_t> rows;
  for (const auto i : portrait.rows) {
    const auto state = facts.table.connections[i].state;
    if (state != State::Listen && state != State::Closed && state != State::TimeWait) rows.push_back(i);
  }
  const auto step = std::max<size_t>(1, (rows.size() + kLookedAgain - 1) / kLookedAgain);
  for (size_t i = 0; i < rows.size(); i += step) needs.insert({.what = Question::SecondLook, .row = rows[i]});
  return {needs.begin(), needs.end()};
}

}  // namespace whywait
