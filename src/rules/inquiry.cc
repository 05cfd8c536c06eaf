#include "rules/inquiry.h"

#include "rules/blocked.h"
#include "rules/patience.h"

#include <algorithm>

namespace whywait {
namespace {

// accept() and open() fail at the limit itself; at four fifths of it there is still time to act.
constexpr double kNearLimit = 0.8;

void add_descriptors(Holders& holders, const Process& process, Inquiry& inquiry) {
  if (!process.descriptors) {
    inquiry.need({.what = Question::Process, .pid = process.pid});
    return;
  }
  const auto& d = *process.descriptors;
  holders.other_legs += d.pipes;
  if (!d.limit) return;
  const auto share = [](int64_t used, int64_t of) { return of == 0 ? 0.0 : double(used) / double(of); };
  if (share(d.open, int64_t(*d.limit)) >= share(holders.descriptors_open, holders.descriptor_limit)) {
    holders.descriptors_open = d.open;
    holders.descriptor_limit = int64_t(*d.limit);
  }
}

// The activity of one process between the looks.
void add_activity(std::vector<Evidence>& evidence, Pid pid, const Threads& threads) {
  using Microseconds = std::chrono::microseconds;
  std::optional<Milliseconds> since_run;
  Microseconds cpu{0};
  for (const auto& t : threads.list) {
    if (t.last_given_cpu && (!since_run || *t.last_given_cpu < *since_run)) since_run = *t.last_given_cpu;
    if (t.ran) cpu += std::chrono::duration_cast<Microseconds>(*t.ran);
  }
  if (since_run) evidence.push_back({EvidenceKind::SinceRun, Microseconds(*since_run).count()});
  evidence.push_back({EvidenceKind::HolderCpu, cpu.count(), {number(pid)}});
  evidence.push_back({EvidenceKind::Busy, busy_threads(threads), {number(pid)}});
}

void add_holder(Holders& holders, Pid pid, Inquiry& inquiry) {
  const auto* process = inquiry.process(pid);
  const auto* threads = inquiry.threads(pid);
  if (process == nullptr || threads == nullptr) {
    holders.culprits.push_back({.pid = pid, .blocked_on = {}});
    return;
  }
  holders.culprits.push_back({.pid = pid, .blocked_on = blocked_on(*process, *threads)});
  holders.surely_run = holders.surely_run || surely_runs(*process, *threads);
  holders.busy += busy_threads(*threads);
  inquiry.want({.what = Question::Details, .pid = pid});
  add_activity(holders.evidence, pid, *threads);
  add_descriptors(holders, *process, inquiry);
}

// The sample stands for the rest only while none of it has moved: a queue that is served in turn moves at one
// end. Rows that only the looks date must be looked at themselves; so must all rows if the look was long
// enough to change what the clocks show.
bool sample_speaks_for_all(const Case& c, const Facts& facts) {
  return std::all_of(c.members.begin(), c.members.end(), [&](const Member& m) {
    if (!m.is_dated()) return false;
    return !m.again || (*m.again == ChangeSince::Same && facts.second.of(m.index)->after < kCannotRun);
  });
}

// Who would learn of it: a connection that was not accepted is watched through its listener.
void add_details(Finding& finding, const Case& c, const Facts& facts) {
  auto& e = finding.evidence;
  if (c.accepted == false) {
    for (const auto row : c.listeners) {
      const auto seen = watching(std::span(&row, 1), facts);
      if (seen.known > 0) e.push_back({EvidenceKind::ListenerPending, seen.pending, {row}});
    }
    return;
  }
  const auto seen = watching(rows_of(c), facts);
  if (seen.known == 0) return;
  e.push_back({EvidenceKind::Unwatched, seen.unwatched});
  e.push_back({EvidenceKind::EventPending, seen.pending});
  e.push_back({EvidenceKind::WaitedOn, seen.slept_on});
}

Holders what_they_do(const Case& c, Inquiry& inquiry) {
  Holders h;
  if (!c.holders) return h;
  const auto supervisor = [&](Pid pid) {
    const auto* threads = inquiry.threads(pid);
    return threads != nullptr && only_supervises(*threads);
  };
  const bool all_supervise = std::all_of(c.holders->begin(), c.holders->end(), supervisor);
  for (const auto pid : *c.holders) {
    if (all_supervise || !supervisor(pid)) add_holder(h, pid, inquiry);
  }
  h.cannot_run = !h.culprits.empty() &&
                 std::all_of(h.culprits.begin(), h.culprits.end(),
                             [](const Culprit& culprit) { return cannot_run(culprit.blocked_on); });
  std::stable_partition(h.culprits.begin(), h.culprits.end(),
                        [](const Culprit& culprit) { return cannot_run(culprit.blocked_on); });
  return h;
}

}  // namespace

const Process* Inquiry::process(Pid pid) {
  const auto& answer = facts_->process(pid);
  if (answer) return &*answer;
  need({.what = Question::Process, .pid = pid});
  return nullptr;
}

const Threads* Inquiry::threads(Pid pid) {
  const auto& answer = facts_->threads_of(pid);
  if (answer) return &*answer;
  need({.what = Question::Threads, .pid = pid});
  return nullptr;
}

void Inquiry::need_second_look(const Case& c) {
  const auto most = sample_speaks_for_all(c, *facts_) ? kSample : c.members.size();
  const std::span members(c.members.data(), std::min(most, c.members.size()));
  const auto unseen = [](const Member& m) {
    return !m.again && !(m.still_by_clocks && m.peer == PeerEnd::Closed);
  };
  const auto count = std::count_if(members.begin(), members.end(), unseen);
  needs_.reserve(needs_.size() + static_cast<size_t>(count));
  for (const auto& m : members) {
    if (unseen(m)) needs_.push_back({.what = Question::SecondLook, .row = m.index});
  }
}

bool Inquiry::lacks(Question what) const {
  return std::any_of(needs_.begin(), needs_.end(), [&](const Need& n) { return n.what == what; });
}

void Inquiry::need(Need need) {
  if (std::find(needs_.begin(), needs_.end(), need) == needs_.end()) needs_.push_back(need);
}

void Inquiry::want(Need wanted) {
  if (facts_->missing(wanted) == Missing::NotAsked) need(wanted);
}

bool Inquiry::is_open() const {
  return std::any_of(needs_.begin(), needs_.end(),
                     [&](const Need& n) { return facts_->missing(n) == Missing::NotAsked; });
}

AgeSplit split_by_age(const Case& c, Milliseconds patience) {
  AgeSplit p;
  for (const auto& m : c.members) {
    if (m.again) ++p.seen;
    const bool moved = m.again && *m.again != ChangeSince::Same;
    if (moved) ++p.moved;
    if (moved || m.is_younger(patience)) {
      ++p.young;
      continue;
    }
    ++(m.is_older(patience) ? p.old : p.unclear);
    if (m.again) ++p.still;
  }
  return p;
}

std::vector<int64_t> holders_of(const Case& c) {
  std::vector<int64_t> out;
  for (const auto pid : c.holders.value_or(std::vector<Pid>{})) out.push_back(number(pid));
  return out;
}

std::vector<uint32_t> rows_of(const Case& c) {
  std::vector<uint32_t> rows;
  rows.reserve(c.members.size());
  for (const auto& m : c.members) rows.push_back(m.index);
  return rows;
}

Holders look_at_holders(const Case& c, Inquiry& inquiry) {
  if (!c.holders) inquiry.need({.what = Question::Holders});
  // Requested together with the holders' threads, the second look takes no extra time.
  if (!c.holders && c.holders.error() == Missing::NotAsked) return {};
  auto h = what_they_do(c, inquiry);
  if (c.other_legs) {
    h.other_legs += c.other_legs->connections + c.other_legs->other_sockets;
    h.connections = c.other_legs->connections;
    h.half_closed = c.other_legs->half_closed;
  }
  h.complete = inquiry.needs().empty();
  // A socket that is in no table will not be found there again.
  if (c.state != State::Closed) inquiry.need_second_look(c);
  return h;
}

Severity severity(uint32_t clients, const Holders& holders) {
  return holders.is_near_limit() ? Severity::Critical : severity_of(clients);
}

Severity severity_of(uint32_t clients) { return clients >= kMany ? Severity::Warning : Severity::Notice; }

Watching watching(std::span<const uint32_t> rows, const Facts& facts) {
  constexpr uint32_t kIn = 0x001 | 0x2000;  // EPOLLIN, EPOLLRDHUP
  Watching w;
  if (!facts.details) return w;
  for (const auto row : rows) {
    if (row == kNoRow) continue;
    const auto detail = facts.details->of(row);
    const auto epoll = detail.epoll();
    const auto sleepers = detail.waiters().value_or(0);
    if (!epoll) continue;
    w.add(*epoll);
    if (sleepers > 0) ++w.slept_on;
    if (sleepers > 0 || (epoll->events & kIn) != 0) ++w.awaited;
  }
  return w;
}

bool Holders::is_near_limit() const {
  return descriptor_limit > 0 && double(descriptors_open) >= kNearLimit * double(descriptor_limit);
}

std::vector<Remedy> remedies(const Holders& holders, std::initializer_list<Remedy> of_the_cause) {
  std::vector<Remedy> out;
  const auto add = [&](Remedy r) {
    if (std::find(out.begin(), out.end(), r) == out.end()) out.push_back(r);
  };
  for (const auto& culprit : holders.culprits) {
    switch (culprit.blocked_on.kind) {
      case Block::Stopped:
        add(Remedy::FindWhoStopped);
        add(Remedy::Continue);
        break;
      case Block::Traced: add(Remedy::Detach); break;
      case Block::Frozen: add(Remedy::Thaw); break;
      case Block::Connection: add(Remedy::FindWhatItWaitsFor); break;
      case Block::DescriptorLimit: add(Remedy::RaiseDescriptorLimit); break;
      case Block::Uninterruptible:
      case Block::Lock:
      case Block::Child:
      case Block::Pipe:
      case Block::FileLock:
      case Block::Timer:
      case Block::Unknown:
      case Block::Spinning:
      case Block::Idle: break;
    }
  }
  if (!holders.cannot_run) {
    for (const auto r : of_the_cause) add(r);
  }
  return out;
}

void add_shared_evidence(Finding& finding, const Case& c, const AgeSplit& p, const Holders& holders,
                         const Facts& facts) {
  auto& e = finding.evidence;
  if (c.state != State::Closed) {
    e.push_back({EvidenceKind::Unchanged, p.still});
    e.push_back({EvidenceKind::LookedAgain, p.seen});
  }
  if (c.queued_behind > 0) e.push_back({EvidenceKind::QueuedBehind, c.queued_behind, holders_of(c)});
  add_details(finding, c, facts);
  if (holders.culprits.empty()) return;
  e.insert(e.end(), holders.evidence.begin(), holders.evidence.end());
  if (holders.descriptor_limit == 0) return;
  e.push_back({EvidenceKind::DescriptorsOpen, holders.descriptors_open});
  e.push_back({EvidenceKind::DescriptorLimit, holders.descriptor_limit});
}

}  // namespace whywait
