#include "diagnose/cases.h"

#include "diagnose/holder_sets.h"
#include "rules/patience.h"
#include "rules/sending/blocked_writer.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace whywait {
namespace {

using Index = TableIndex::Index;

// Uses only the kernel's clocks: the second look dates the row, but not what was sent before the first look.
bool is_still(const Connection& c, const TcpInfo* info, const Member& member) {
  if (info == nullptr || c.recv_q() != 0U || !member.is_dated() || !member.is_older(kInHand)) return false;
  return info->bytes_sent == 0 || Milliseconds(info->last_data_sent_ms) >= kStill;
}

// A field that is missing cannot have changed.
template <class T>
bool differ(const std::optional<T>& a, const std::optional<T>& b) {
  return a && b && *a != *b;
}

}  // namespace

ChangeSince again(const Connection& before, const TcpInfo* info, const SecondLookRow& now) {
  if (!now.is_there || now.state != before.state || differ(now.cookie, before.cookie()))
    return ChangeSince::Moved;
  if (differ(now.recv_q, before.recv_q())) return ChangeSince::Moved;
  if (differ(now.inode, before.inode())) return ChangeSince::Moved;  // accepted in between
  const auto sent = info == nullptr ? std::nullopt : std::optional(info->bytes_sent);
  return differ(now.bytes_sent, sent) ? ChangeSince::Answered : ChangeSince::Same;
}

// Ports from here on are handed out by connect() on every system (RFC 6335 section 6; Linux begins here).
constexpr uint16_t kEphemeralFrom = 32768;

std::pair<Side, Endpoint> place_of(TableIndex& table_index, const Connection& c, bool has_listener) {
  // If a dump names a port that is not known here, only the name tells services apart.
  const Endpoint port = c.local.port == 0 ? c.local : Endpoint{.address = {}, .port = c.local.port};
  if (has_listener) return {Side::Server, port};
  const bool listened_there =
      c.remote.address.is_loopback() && table_index.is_listened_on(c.netns, c.remote.port);
  if (listened_there || (c.local.port >= kEphemeralFrom && c.remote.port < kEphemeralFrom)) {
    return {Side::Client, c.remote};
  }
  // One local port towards many ephemeral ones: a server that has closed its listener.
  if (c.remote.port >= kEphemeralFrom && table_index.is_shared(c.netns, c.local.port))
    return {Side::Server, port};
  return {Side::Unknown, c.remote};
}

CaseBuilder::CaseBuilder(const Facts& facts) : facts_(facts) {
  for (const auto& c : facts.table.connections) ++states_.at(static_cast<size_t>(c.state));
}

std::vector<Case>& CaseBuilder::cases() {
  if (has_listeners() && !by_details_ && stage_ != Stage::New) begin_again();
  if (stage_ == Stage::New) {
    by_details_ = has_listeners();
    make_members();
    if (members_.empty()) return cases_;
    sort_by_key();
  }
  if (facts_.holders && stage_ != Stage::ByHolders) {
    stage_ = Stage::ByHolders;
    HolderSets holder_sets(facts_);
    sort_into_cases(&holder_sets);
    members_ = {};
    mirrors_ = {};
    holder_sets.find_other_legs(cases_);
    count_queues();
  } else if (!facts_.holders) {
    stage_ = Stage::ByTable;
    sort_into_cases(nullptr);
  }
  look_again();
  return cases_;
}

void CaseBuilder::begin_again() {
  table_index_.reset();
  members_ = {};
  key_of_ = {};
  keys_ = {};
  cases_ = {};
  stage_ = Stage::New;
}

void CaseBuilder::make_members() {
  size_t count = 0;
  for (const auto state : kAllStates) {
    const auto* family = family_of(state);
    families_.at(static_cast<size_t>(state)) = family;
    if (family != nullptr && family->takes == nullptr) count += this->count(state);
  }
  members_.reserve(count);
  Index i = 0;
  for (const auto& c : facts_.table.connections) {
    const auto index = i++;
    const auto* family = families_.at(static_cast<size_t>(c.state));
    if (family == nullptr) continue;
    const RowView view{.row = c, .info = facts_.table.info(c), .facts = facts_};
    if (family->takes != nullptr && !family->takes(view)) continue;
    auto& member = members_.emplace_back(index, age_of_row(facts_.table, index, facts_.uptime));
    member.still_by_clocks = is_still(c, view.info, member);
    member.may_have_unsent = c.send_q().value_or(1) > 0;
    member.peer_takes_nothing = peer_takes_nothing(view);
    if (family->marks != nullptr) member.marks = static_cast<uint8_t>(family->marks(view, member) & 7U);
  }
}

CaseBuilder::CaseKey CaseBuilder::key_of(const Member& member) {
  const auto& c = facts_.table.connections[member.index];
  CaseKey kind{.state = c.state, .netns = c.netns};
  if (const auto inode = c.inode()) kind.accepted = *inode != 0;
  if (const auto* family = families_.at(static_cast<size_t>(c.state)); family->apart != nullptr) {
    kind.apart = family->apart({.row = c, .info = facts_.table.info(c), .facts = facts_}, member);
  }
  kind.listeners = table_index_->listeners_of(c);
  if (by_details_ && kind.is_queued()) {
    if (const auto exact = facts_.details->of(member.index).listener())
      kind.listeners = table_index_->only(*exact);
  }
  std::tie(kind.side, kind.service) = place_of(*table_index_, c, kind.listeners != TableIndex::kNobody);
  return kind;
}

uint64_t CaseBuilder::hash_of(const CaseKey& kind) const {
  const auto where = uint64_t{kind.listeners} << 32U | static_cast<uint32_t>(kind.netns);
  const auto accepted = !kind.accepted ? 2U : *kind.accepted ? 1U : 0U;
  const auto what = static_cast<unsigned>(kind.state) << 16U | static_cast<unsigned>(kind.side) << 12U |
                    accepted << 8U | kind.apart;
  return table_index_->hash_of(kind.service, mixed(where, what));
}

void CaseBuilder::sort_by_key() {
  table_index_.emplace(facts_);
  mirrors_ = table_index_->find_peers(members_);
  RowIndex index;
  key_of_.reserve(members_.size());
  for (const auto& member : members_) {
    const auto kind = key_of(member);
    // Neighbours in the table are mostly alike.
    if (!key_of_.empty() && keys_[key_of_.back()] == kind) {
      key_of_.push_back(key_of_.back());
      continue;
    }
    const auto hash = hash_of(kind);
    auto number = index.find(hash, [&](uint32_t n) { return keys_[n] == kind; });
    if (!number) {
      number = static_cast<uint32_t>(keys_.size());
      keys_.push_back(kind);
      index.add(hash, *number);
    }
    key_of_.push_back(*number);
  }
}

std::vector<Index> CaseBuilder::listeners_of(const CaseKey& kind) const {
  auto listeners = table_index_->listeners(kind.listeners);
  if (!kind.is_queued()) return listeners;
  // With SO_REUSEPORT, only a socket in whose queue something waits can be the one.
  const auto queued = [&](Index i) { return facts_.table.connections[i].recv_q().value_or(1) > 0; };
  if (std::any_of(listeners.begin(), listeners.end(), queued)) {
    std::erase_if(listeners, [&](Index i) { return !queued(i); });
  }
  return listeners;
}

// For connections that were never accepted: the holders of the listeners.
Answer<uint32_t> CaseBuilder::holders_of_queue(const CaseKey& kind, HolderSets* holder_sets) const {
  const auto listeners = listeners_of(kind);
  std::vector<uint32_t> inodes;
  for (const auto i : listeners) {
    const auto& listener = facts_.table.connections[i];
    // It cannot be known in which of several queues it is.
    if (listeners.size() > 1 && !listener.recv_q()) return tl::unexpected(Missing::NotOffered);
    if (const auto inode = listener.inode()) inodes.push_back(*inode);
  }
  if (holder_sets == nullptr) return tl::unexpected(facts_.holders.error());
  return holder_sets->acceptors_of(inodes);
}

Answer<uint32_t> CaseBuilder::holders_of(const Connection& c, HolderSets& holder_sets) const {
  const auto inode = c.inode().value_or(0);
  if (c.state == State::CloseWait) return holder_sets.holders_of_close_wait(inode);
  return holder_sets.holders_of({&inode, 1});
}

// The holders, if all connections of a kind have the same.
std::optional<Answer<uint32_t>> CaseBuilder::holders_of_all(const CaseKey& kind,
                                                            HolderSets* holder_sets) const {
  if (kind.is_queued()) return holders_of_queue(kind, holder_sets);
  if (!kind.accepted) return tl::unexpected(Missing::NotOffered);  // the source gives no inodes
  if (holder_sets == nullptr) return tl::unexpected(facts_.holders.error());
  if (kind.accepted == false) return holder_sets->holders_of({});  // an orphan has none
  return std::nullopt;
}

// By kind and holders, whichever the listeners are. `numbers` are kinds before, and groups after.
std::vector<CaseBuilder::Group> CaseBuilder::sort_into_groups(std::vector<uint32_t>& numbers,
                                                              HolderSets* holder_sets) const {
  constexpr uint32_t kNone = ~uint32_t{0};
  struct OfKind {
    std::optional<Answer<uint32_t>> holders;
    uint64_t hash = 0;
    uint32_t group = kNone;  // the last into which one of this kind went
  };
  std::vector<OfKind> of_kind;
  for (const auto& kind : keys_) {
    auto anywhere = kind;
    anywhere.listeners = TableIndex::kNobody;
    of_kind.push_back({.holders = holders_of_all(kind, holder_sets), .hash = hash_of(anywhere)});
  }
  std::vector<Group> groups;
  RowIndex index;
  const auto find = [&](uint32_t n, const Answer<uint32_t>& holders) {
    const auto is_held_so = [&](uint32_t g) {
      const auto& of = groups[g].holders;
      return of.has_value() == holders.has_value() && (!of || *of == *holders);
    };
    const auto last = of_kind[n].group;
    if (last != kNone && is_held_so(last)) return last;
    const auto hash = mixed(of_kind[n].hash, holders ? *holders + uint64_t{1} : 0);
    const auto known = index.find(hash, [&](uint32_t g) {
      return is_held_so(g) && (groups[g].kind == n || keys_[groups[g].kind].is_like(keys_[n]));
    });
    if (known) return *known;
    const auto group = static_cast<uint32_t>(groups.size());
    groups.push_back({.kind = n, .holders = holders});
    index.add(hash, group);
    return group;
  };
  const auto holders_here = [&](const OfKind& kind, const Connection& c) -> Answer<uint32_t> {
    if (kind.holders) return *kind.holders;
    if (holder_sets == nullptr) return tl::unexpected(facts_.holders.error());
    return holders_of(c, *holder_sets);
  };
  for (uint32_t i = 0; i < members_.size(); ++i) {
    auto& kind = of_kind[numbers[i]];
    if (!kind.holders || kind.group == kNone) {
      kind.group = find(numbers[i], holders_here(kind, facts_.table.connections[members_[i].index]));
    }
    ++groups[kind.group].size;
    numbers[i] = kind.group;
  }
  return groups;
}

Case CaseBuilder::new_case(const Group& group, const HolderSets* holder_sets) const {
  const auto& kind = keys_[group.kind];
  Case out{.state = kind.state,
           .netns = kind.netns,
           .side = kind.side,
           .service = kind.service,
           .accepted = kind.accepted,
           .apart = kind.apart,
           .listeners = listeners_of(kind)};
  out.holders = tl::unexpected(group.holders ? Missing::NotAsked : group.holders.error());
  if (group.holders) out.holders = holder_sets->pids(*group.holders);
  out.members.reserve(group.size);
  return out;
}

// Numbers of groups in the order of their cases: the same in every run, whatever the order of the table.
std::vector<uint32_t> CaseBuilder::in_order(const std::vector<Group>& groups,
                                            const HolderSets* holder_sets) const {
  static const std::vector<Pid> nobody;
  using Key = std::tuple<State, Netns, Side, const Endpoint&, std::optional<bool>, uint8_t,
                         const std::vector<Pid>&, bool>;
  const auto key = [&](uint32_t g) {
    const auto& kind = keys_[groups[g].kind];
    const auto& holders = groups[g].holders;
    return Key(kind.state, kind.netns, kind.side, kind.service, kind.accepted, kind.apart,
               holders ? holder_sets->pids(*holders) : nobody, holders.has_value());
  };
  std::vector<uint32_t> order(groups.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
  return order;
}

void CaseBuilder::sort_into_cases(HolderSets* holder_sets) {
  cases_ = {};
  auto group_of = holder_sets == nullptr ? key_of_ : std::move(key_of_);
  const auto groups = sort_into_groups(group_of, holder_sets);
  const auto order = in_order(groups, holder_sets);
  std::vector<uint32_t> place(groups.size());
  cases_.reserve(groups.size());
  for (const auto g : order) {
    place[g] = static_cast<uint32_t>(cases_.size());
    cases_.push_back(new_case(groups[g], holder_sets));
  }
  for (uint32_t i = 0; i < members_.size(); ++i) cases_[place[group_of[i]]].members.push_back(members_[i]);
  find_mirrors(place, group_of);
}

void CaseBuilder::find_mirrors(std::span<const uint32_t> place, std::span<const uint32_t> group_of) {
  std::vector<uint32_t> next(cases_.size());
  for (uint32_t i = 0; i < mirrors_.size(); ++i) {
    const auto n = place[group_of[i]];
    const auto at = next[n]++;
    if (mirrors_[i] == kNoRow) continue;
    auto& mirrors = cases_[n].mirrors;
    if (mirrors.empty()) mirrors.resize(cases_[n].members.size(), kNoRow);
    mirrors[at] = mirrors_[i];
  }
}

// What a process holds cannot be read because it is busy with a request, where others have waited for it too
// long as well.
void CaseBuilder::count_queues() {
  std::map<std::vector<Pid>, uint32_t> queues;
  for (const auto& c : cases_) {
    if (c.accepted != false || c.state == State::FinWait2 || !c.holders || c.holders->empty()) continue;
    const auto old = [](const Member& m) { return m.is_older(kInQueue); };
    queues[*c.holders] += static_cast<uint32_t>(std::count_if(c.members.begin(), c.members.end(), old));
  }
  for (auto& c : cases_) {
    if (c.accepted == false || !c.holders) continue;
    if (const auto it = queues.find(*c.holders); it != queues.end()) c.queued_behind = it->second;
  }
}

void CaseBuilder::look_again() {
  for (auto& c : cases_) {
    for (auto& m : c.members) {
      const auto& now = facts_.second.of(m.index);
      if (m.again || (!now && now.error() == m.again.error())) continue;
      if (!now) {
        m.again = tl::unexpected(now.error());
        continue;
      }
      const auto& before = facts_.table.connections[m.index];
      m.again = again(before, facts_.table.info(before), *now);
      if (*m.again != ChangeSince::Moved) m.stood_still(now->after);
    }
  }
}

std::vector<Case> make_cases(const Facts& facts) { return std::move(CaseBuilder(facts).cases()); }

}  // namespace whywait
