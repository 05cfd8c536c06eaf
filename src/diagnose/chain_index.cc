#include "diagnose/chain_index.h"

#include "diagnose/table_index.h"

#include <algorithm>
#include <utility>

namespace whywait {
namespace {

// Gives what is there, made by `make` where it is not yet.
template <class T, class Make>
T& once(std::optional<T>& made, Make make) {
  if (!made) made.emplace(make());
  return *made;
}

// Each namespace has the addresses of the loopback for itself.
bool is_between(const Connection& c, const Endpoint& local, const Endpoint& remote, Netns netns) {
  return c.local == local && c.remote == remote && (!local.address.is_loopback() || c.netns == netns);
}

}  // namespace

ChainIndex::ChainIndex(const Facts& facts) : facts_(facts), seed_(seed_of(facts)) {}

uint64_t ChainIndex::hash_between(const Endpoint& local, const Endpoint& remote, Netns netns) const {
  return hash_of_ends(local, remote,
                      local.address.is_loopback() ? mixed(seed_, static_cast<uint32_t>(netns)) : seed_);
}

RowIndex ChainIndex::index_by_inode() const {
  RowIndex out(rows().size());
  uint32_t row = 0;
  for (const auto& c : rows()) {
    const auto now = row++;
    const auto inode = c.inode().value_or(0);
    if (inode == 0) continue;
    const auto hash = mixed(0, inode);
    if (!out.find(hash, [&](uint32_t r) { return rows()[r].inode() == inode; })) out.add(hash, now);
  }
  return out;
}

RowIndex ChainIndex::index_by_ends() const {
  RowIndex out(rows().size());
  uint32_t row = 0;
  for (const auto& c : rows()) {
    const auto now = row++;
    if (c.state == State::Listen) continue;
    const auto hash = hash_between(c.local, c.remote, c.netns);
    const auto is_same = [&](uint32_t r) { return is_between(rows()[r], c.local, c.remote, c.netns); };
    if (!out.find(hash, is_same)) out.add(hash, now);
  }
  return out;
}

std::vector<ChainIndex::Listening> ChainIndex::find_listening() const {
  std::vector<Listening> out;
  uint32_t row = 0;
  for (const auto& c : rows()) {
    const auto now = row++;
    if (c.state == State::Listen) out.push_back({c.netns, c.local.port, now});
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::unordered_map<Pid, uint32_t> ChainIndex::find_half_closed() const {
  std::unordered_map<Pid, uint32_t> out;
  if (!facts_.holders) return out;
  uint32_t row = 0;
  for (const auto& c : rows()) {
    const auto now = row++;
    if ((c.state != State::FinWait2 && c.state != State::FinWait1) || c.inode().value_or(0) == 0) continue;
    for (const auto& h : facts_.holders->of(*c.inode())) out.try_emplace(h.pid, now);
  }
  return out;
}

std::vector<Waiter> ChainIndex::sort_waiters() const {
  if (!facts_.details) return {};
  auto out = facts_.details->waiters;
  std::stable_sort(out.begin(), out.end(), [](const Waiter& a, const Waiter& b) { return a.tid < b.tid; });
  return out;
}

std::optional<uint32_t> ChainIndex::row_of(uint32_t inode) {
  if (inode == 0) return std::nullopt;
  const auto& index = once(by_inode_, [&] { return index_by_inode(); });
  return index.find(mixed(0, inode), [&](uint32_t r) { return rows()[r].inode() == inode; });
}

std::optional<uint32_t> ChainIndex::other_end_of(uint32_t row) {
  const auto& c = rows()[row];
  const auto& index = once(by_ends_, [&] { return index_by_ends(); });
  return index.find(hash_between(c.remote, c.local, c.netns),
                    [&](uint32_t r) { return is_between(rows()[r], c.remote, c.local, c.netns); });
}

std::vector<uint32_t> ChainIndex::listeners_on(Netns netns, uint16_t port) {
  const auto& all = once(listening_, [&] { return find_listening(); });
  std::vector<uint32_t> out;
  for (auto it = std::lower_bound(all.begin(), all.end(), Listening{netns, port, 0});
       it != all.end() && it->netns == netns && it->port == port; ++it)
    out.push_back(it->row);
  return out;
}

std::optional<uint32_t> ChainIndex::half_closed_by(Pid pid) {
  const auto& legs = once(half_closed_, [&] { return find_half_closed(); });
  const auto it = legs.find(pid);
  return it == legs.end() ? std::nullopt : std::optional(it->second);
}

std::span<const Waiter> ChainIndex::waits_of(Tid tid) {
  const auto& all = once(waiters_, [&] { return sort_waiters(); });
  const auto from =
      std::partition_point(all.begin(), all.end(), [&](const Waiter& w) { return w.tid < tid; });
  const auto to = std::find_if(from, all.end(), [&](const Waiter& w) { return w.tid != tid; });
  return {from, to};
}

}  // namespace whywait
