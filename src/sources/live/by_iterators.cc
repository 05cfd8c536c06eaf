#include "sources/live/by_iterators.h"

#include "bpf/records.h"
#include "linux/procfs.h"
#include "sources/live/iterator_decode.h"
#include "sources/live/process_decode.h"
#include "sources/live/socket_table.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <set>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace whywait::live {
namespace {

using linux_os::Error;
using linux_os::Iterators;
using linux_os::missing;
using linux_os::Namespace;
using linux_os::Namespaces;
using linux_os::Program;
using linux_os::read_file;
using linux_os::Result;

// The coarse clock's resolution is one jiffy (kernel/time/posix-timers.c, posix_get_coarse_res).
uint32_t jiffies_per_second() {
  constexpr long kNanoseconds = 1'000'000'000;
  timespec tick{};
  if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) != 0 || tick.tv_nsec <= 0) return 100;
  return static_cast<uint32_t>((kNanoseconds + tick.tv_nsec / 2) / tick.tv_nsec);
}

// All that the namespace has was among the descriptors: nothing is left to be read.
bool is_complete(const Sockstat& now, const Tally& seen) {
  return now.time_wait == 0 && seen.handshakes == 0 && now.in_use == seen.in_use;
}

Result<void> complete(const Iterators& iterators, const Namespace& ns, IteratorDecoder& decoder) {
  const auto tally = decoder.tallies().find(ns.id);
  const auto now = read_sockstat();
  if (now && is_complete(*now, tally == decoder.tallies().end() ? Tally{} : tally->second)) return {};
  if (!iterators.has(Program::Sockets)) {
    return tl::unexpected(Error{.doing = "read iter/tcp", .number = EOPNOTSUPP});
  }
  return iterators.read(Program::Sockets, [&](std::span<const std::byte> b) { decoder.sockets(b); });
}

// Sockets that the rings have registered as files of their own.
void add_rings(const std::vector<Holder>& rings, HolderTable& holders) {
  holders.saw_rings = true;
  for (const auto& ring : rings) {
    const auto text = read_file(AT_FDCWD, fmt::format("/proc/{}/fdinfo/{}", number(ring.pid), ring.fd));
    const auto files = text ? decode_ring_files(*text) : std::nullopt;
    if (!files) {
      holders.saw_rings = false;
      continue;
    }
    for (const auto inode : *files) holders.rings.push_back({inode, ring.pid, ring.fd});
  }
}

// Messages that carry one of `wanted`.
void add_in_flight(const Namespaces& namespaces, const std::set<uint32_t>& wanted, HolderTable& holders) {
  constexpr std::array kWanted = {Program::InFlight};
  const auto iterators = Iterators::load(kWanted, 0);
  if (!iterators) return;
  std::vector<std::byte> bytes;
  for (const auto& ns : namespaces.list) {
    bool read = false;
    const auto entered = linux_os::inside(ns, [&] {
      read = bool(iterators->read(Program::InFlight, [&](std::span<const std::byte> b) {
        bytes.insert(bytes.end(), b.begin(), b.end());
      }));
    });
    if (!entered || !read) return;
  }
  holders.saw_flights = true;
  for (size_t at = 0; at + sizeof(whywait_flight) <= bytes.size(); at += sizeof(whywait_flight)) {
    whywait_flight flight{};
    std::memcpy(&flight, bytes.data() + at, sizeof flight);
    if (!wanted.contains(flight.inode)) continue;
    const auto queue = holders.of(flight.queue);
    const Holder receiver = queue.empty() ? Holder{} : queue.front();
    holders.in_flight.push_back({flight.inode, receiver.pid, receiver.fd});
  }
}

// Why sockets that have a file have no descriptor.
void explain_unheld(const std::vector<uint32_t>& unheld, const std::vector<Holder>& rings,
                    const Namespaces& namespaces, IteratorReading& out) {
  add_rings(rings, out.holders);
  out.holders.sort();
  std::set<uint32_t> inodes;
  for (const auto row : unheld) inodes.insert(out.table.connections[row].inode().value_or(0));
  for (const auto& ring : out.holders.rings) inodes.erase(ring.inode);
  if (!inodes.empty()) add_in_flight(namespaces, inodes, out.holders);
  out.holders.sort();
}

struct Pass {
  IteratorDecoder decoder;
  std::vector<Netns> whole;
  uint32_t denied = 0;
};

Result<Pass> one_pass(Iterators& iterators, const Namespaces& namespaces, std::optional<Netns> only) {
  Pass out{.decoder = IteratorDecoder(jiffies_per_second(), only), .whole = {}};
  iterators.begin_pass();
  const auto descriptors =
      iterators.read(Program::Descriptors, [&](std::span<const std::byte> b) { out.decoder.descriptors(b); });
  if (!descriptors) return tl::unexpected(descriptors.error());
  for (const auto& ns : namespaces.list) {
    Result<void> done;
    const auto entered = linux_os::inside(ns, [&] { done = complete(iterators, ns, out.decoder); });
    if (!entered && missing(entered.error()) == Missing::Denied) {
      ++out.denied;
      continue;
    }
    if (!entered) return tl::unexpected(entered.error());
    if (!done) return tl::unexpected(done.error());
    out.whole.push_back(ns.id);
  }
  if (!out.decoder.is_at_end()) {
    return tl::unexpected(Error{.doing = "read the records of the BPF programs", .number = EBADMSG});
  }
  return out;
}

// The ends that the kernel finishes by itself have no descriptor. Where there are none at all, the program
// that finds such need not be loaded: it rarely turns out to be wanted all the same.
std::vector<Program> programs_for(const std::optional<Sockstat>& now) {
  std::vector<Program> out = {Program::Descriptors, Program::Threads};
  const bool none = now && now->allocated >= kMany && now->time_wait == 0 && now->orphans == 0;
  if (!none) out.push_back(Program::Sockets);
  return out;
}

// Counts only the mini-sockets of whywait's own namespace; a busy namespace elsewhere has tens of thousands.
size_t expected(const std::optional<Sockstat>& now) {
  const size_t counted = now ? size_t{now->allocated} + now->time_wait : 0;
  return std::max(counted, size_t{2} * kMany);
}

Result<IteratorReading> finish(Pass&& pass, const Namespaces& namespaces) {
  const auto unheld = pass.decoder.unheld();
  const auto rings = pass.decoder.rings();
  auto view = pass.decoder.take();
  IteratorReading out{.table = std::move(view.table),
                      .whole = std::move(pass.whole),
                      .holders = std::move(view.holders),
                      .details = std::move(view.details),
                      .gaps = {}};
  out.holders.outside = linux_os::is_inner_pid_namespace();
  if (!unheld.empty()) explain_unheld(unheld, rings, namespaces, out);
  add_namespace_gap(namespaces, pass.denied, out.gaps);
  return out;
}

}  // namespace

std::optional<Sockstat> read_sockstat() {
  const auto four = read_file(AT_FDCWD, "/proc/thread-self/net/sockstat");
  if (!four) return std::nullopt;
  return decode_sockstat(*four, read_file(AT_FDCWD, "/proc/thread-self/net/sockstat6").value_or(""));
}

Result<void> ByIterators::load(std::vector<Program> programs, size_t sockets) {
  auto iterators = Iterators::load(programs, sockets);
  if (!iterators) return tl::unexpected(iterators.error());
  if (!iterators->has(programs.front())) {
    return tl::unexpected(Error{.doing = iterators->refused().front(), .number = EOPNOTSUPP});
  }
  iterators_ = std::move(*iterators);
  return {};
}

Result<void> ByIterators::prepare(const std::optional<Sockstat>& now) {
  return load(programs_for(now), expected(now));
}

Result<IteratorReading> ByIterators::read(bool own_namespace_only) {
  const auto namespaces = find_namespaces(own_namespace_only);
  if (!namespaces) return tl::unexpected(namespaces.error());
  const auto only = own_namespace_only ? std::optional(namespaces->list.front().id) : std::nullopt;
  const auto now = read_sockstat();
  if (!iterators_) {
    if (const auto loaded = prepare(now); !loaded) return tl::unexpected(loaded.error());
  }
  auto sockets = expected(now);
  constexpr int kTries = 3;
  for (int attempt = 1;; ++attempt) {
    auto pass = one_pass(*iterators_, *namespaces, only);
    const bool repeated = iterators_->may_have_repeated();
    if (pass && !repeated) return finish(std::move(*pass), *namespaces);
    if (attempt == kTries || (!pass && iterators_->has(Program::Sockets))) {
      return tl::unexpected(pass ? Error{.doing = "read more sockets than were expected", .number = EOVERFLOW}
                                 : pass.error());
    }
    constexpr size_t kMore = 4;
    if (repeated) sockets *= kMore;
    const auto loaded = load({Program::Descriptors, Program::Threads, Program::Sockets}, sockets);
    if (!loaded) return tl::unexpected(loaded.error());
  }
}

Result<ThreadTimes> ByIterators::read_threads() const {
  // A short sleep, so that this thread is given a CPU anew: it stands for now.
  std::this_thread::sleep_for(std::chrono::microseconds(50));
  std::vector<std::byte> bytes;
  const auto read = iterators_->read(
      Program::Threads, [&](std::span<const std::byte> b) { bytes.insert(bytes.end(), b.begin(), b.end()); });
  if (!read) return tl::unexpected(read.error());
  auto out = decode_threads(bytes, Tid{gettid()});
  if (!out) return tl::unexpected(Error{.doing = "find the own thread among all", .number = ESRCH});
  return std::move(*out);
}

}  // namespace whywait::live
