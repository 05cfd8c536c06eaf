#include "rules/blocked.h"

#include <algorithm>

namespace whywait {
namespace {

// A thread that had at least this share of a processor between the looks is busy with computing.
constexpr double kSpinning = 0.8;

bool spins(const Thread& t, Milliseconds window) {
  if (!t.ran || window.count() == 0) return false;
  return std::chrono::duration<double>(*t.ran) >= kSpinning * std::chrono::duration<double>(window);
}

// A thread that ran in between was only passing through: a D state, a tracer that looks at each system call.
bool stood_still(const Thread& t) { return t.ran && t.ran->count() == 0; }

Block kind_of_call(const SystemCall& call, const Thread& t) {
  if (t.lock_owner) return Block::Lock;
  if (t.file && t.file->kind == CallFile::Kind::Pipe) return Block::Pipe;
  if (t.file && t.file->kind == CallFile::Kind::Socket) return Block::Connection;
  switch (call.call) {
    case Call::Accept:
    case Call::Epoll: return Block::Idle;
    case Call::Connect: return Block::Connection;
    case Call::Sleep: return Block::Timer;
    case Call::WaitChild: return Block::Child;
    case Call::FileLock: return Block::FileLock;
    // A futex without an owner is a condition or an empty work queue as well as a lock; poll() may watch one
    // backend or all clients. The call alone does not tell.
    case Call::Futex:
    case Call::Poll:
    case Call::Receive:
    case Call::Send:
    case Call::WaitSignal:
    case Call::IoUring:
    case Call::None:
    case Call::Other: return Block::Unknown;
  }
  return Block::Unknown;
}

Block kind_of_thread(const Thread& t, Milliseconds window) {
  // A stopped task still reports its old system call: its state comes first.
  if (t.state == RunState::Stopped) return stood_still(t) ? Block::Stopped : Block::Unknown;
  if (t.state == RunState::Traced) return stood_still(t) ? Block::Traced : Block::Unknown;
  if (t.state == RunState::Uninterruptible && stood_still(t)) return Block::Uninterruptible;
  if (spins(t, window)) return Block::Spinning;
  return t.system_call ? kind_of_call(*t.system_call, t) : Block::Unknown;
}

bool stands_still(Block kind) {
  return kind == Block::Stopped || kind == Block::Traced || kind == Block::Uninterruptible;
}

bool all_stand_still(const BlockedOn& b) {
  return !b.threads.empty() &&
         std::all_of(b.threads.begin(), b.threads.end(), [](const auto& t) { return stands_still(t.first); });
}

// The kind that explains best why nothing happens. One thread of many that computes or hangs explains little:
// it must be half of those that are at work.
Block leading(const BlockedOn& b, const Threads& threads) {
  const auto count = [&](Block kind) -> size_t { return b.threads.contains(kind) ? b.threads.at(kind) : 0; };
  const size_t at_work = std::max(1U, busy_threads(threads));
  for (const auto kind : {Block::Traced, Block::Stopped}) {
    if (count(kind) * 2 >= threads.list.size() && count(kind) > 0) return kind;
  }
  for (const auto kind : {Block::Uninterruptible, Block::Spinning}) {
    if (count(kind) * 2 >= at_work) return kind;
  }
  for (const auto kind : {Block::Lock, Block::Pipe, Block::Connection, Block::FileLock}) {
    if (count(kind) * 2 >= at_work && count(kind) > 0) return kind;
  }
  for (const auto kind : {Block::Idle, Block::Child, Block::Timer}) {
    if (count(kind) > 0) return kind;
  }
  return Block::Unknown;
}

bool at_descriptor_limit(const Process& process) {
  return process.descriptors && process.descriptors->limit &&
         process.descriptors->open >= *process.descriptors->limit;
}

}  // namespace

BlockedOn blocked_on(const Process& process, const Threads& threads) {
  BlockedOn b;
  for (const auto& t : threads.list) ++b.threads[kind_of_thread(t, threads.window)];
  // A frozen task looks like one that sleeps (cgroup v2) or like one in uninterruptible sleep (v1).
  if (process.frozen.value_or(false)) {
    b.kind = Block::Frozen;
    return b;
  }
  b.kind = leading(b, threads);
  const auto first = std::find_if(threads.list.begin(), threads.list.end(), [&](const Thread& t) {
    return kind_of_thread(t, threads.window) == b.kind;
  });
  if (first != threads.list.end()) b.wait_channel = first->wait_channel.value_or("");
  if (!cannot_run(b) && at_descriptor_limit(process)) b.kind = Block::DescriptorLimit;
  return b;
}

bool cannot_run(const BlockedOn& blocked) {
  return blocked.kind == Block::Frozen || all_stand_still(blocked);
}

bool surely_runs(const Process& process, const Threads& threads) {
  if (process.frozen.value_or(true)) return false;
  return std::any_of(threads.list.begin(), threads.list.end(), [](const Thread& t) {
    if (t.ran && t.ran->count() > 0) return true;
    return t.state == RunState::Running || (t.state == RunState::Sleeping && t.system_call);
  });
}

bool only_supervises(const Threads& threads) {
  return std::all_of(threads.list.begin(), threads.list.end(), [](const Thread& t) {
    return t.state == RunState::Sleeping && t.system_call &&
           (t.system_call->call == Call::WaitSignal || t.system_call->call == Call::WaitChild);
  });
}

uint32_t busy_threads(const Threads& threads) {
  const auto is_busy = [](const Thread& t) {
    if (t.state == RunState::Running || t.state == RunState::Uninterruptible) return true;
    if (t.state != RunState::Sleeping || !t.system_call) return t.state == RunState::Sleeping;
    switch (t.system_call->call) {
      case Call::Accept:
      case Call::Epoll:
      case Call::Futex:
      case Call::WaitSignal: return false;
      case Call::None:
      case Call::Receive:
      case Call::Send:
      case Call::Connect:
      case Call::Poll:
      case Call::Sleep:
      case Call::WaitChild:
      case Call::FileLock:
      case Call::IoUring:
      case Call::Other: return true;
    }
    return true;
  };
  return static_cast<uint32_t>(std::count_if(threads.list.begin(), threads.list.end(), is_busy));
}

}  // namespace whywait
