#include "core/facts.h"

#include "core/sorted.h"

#include <algorithm>

namespace whywait {
namespace {

template <class T>
const Answer<T>& look_up(const std::map<Pid, Answer<T>>& map, Pid pid) {
  static const Answer<T> not_asked = tl::unexpected(Missing::NotAsked);
  const auto it = map.find(pid);
  return it == map.end() ? not_asked : it->second;
}

// Read for all processes at once, or for each that was asked about.
std::optional<Missing> missing_details(const Answer<SocketDetails>& details, Pid pid) {
  if (!details) return details.error();
  if (details->everywhere) return std::nullopt;
  const auto it = details->read.find(pid);
  return it == details->read.end() ? std::optional(Missing::NotAsked) : it->second;
}

template <class T>
std::optional<Missing> why_not(const Answer<T>& answer) {
  return answer ? std::nullopt : std::optional(answer.error());
}

}  // namespace

std::span<const Holder> holders_in(const std::vector<Holder>& sorted, uint32_t inode) {
  const auto [from, to] =
      std::equal_range(sorted.begin(), sorted.end(), Holder{.inode = inode},
                       [](const Holder& a, const Holder& b) { return a.inode < b.inode; });
  return {from, to};
}

std::optional<NotInTable> HolderTable::not_in_table_as(uint32_t inode) const {
  const auto it =
      std::lower_bound(not_in_table.begin(), not_in_table.end(), SocketNotInTable{.inode = inode});
  return it != not_in_table.end() && it->inode == inode ? std::optional(it->what) : std::nullopt;
}

void HolderTable::sort() {
  std::sort(rows.begin(), rows.end());
  std::sort(rings.begin(), rings.end());
  std::sort(in_flight.begin(), in_flight.end());
  sort_once(not_in_table);
}
SecondLookRow later(const Connection& c, const TcpInfo* info, Milliseconds after) {
  return {.is_there = true,
          .state = c.state,
          .recv_q = c.recv_q(),
          .inode = c.inode(),
          .cookie = c.cookie(),
          .bytes_sent = info == nullptr ? std::nullopt : std::optional(info->bytes_sent),
          .after = after};
}

SecondLookRow gone(Milliseconds after) { return {.after = after}; }

void SecondLook::add(uint32_t row, const Answer<SecondLookRow>& found) {
  if (row >= place_.size()) place_.resize(row + size_t{1});
  if (place_[row] != 0) return;
  if (found) after_ = std::min(after_.value_or(found->after), found->after);
  found_.push_back(found);
  place_[row] = static_cast<uint32_t>(found_.size());
}

const Answer<SecondLookRow>& SecondLook::of(uint32_t row) const {
  static const Answer<SecondLookRow> not_asked = tl::unexpected(Missing::NotAsked);
  return row < place_.size() && place_[row] != 0 ? found_[place_[row] - 1] : not_asked;
}

const Answer<Process>& Facts::process(Pid pid) const { return look_up(processes, pid); }

const Answer<Threads>& Facts::threads_of(Pid pid) const { return look_up(threads, pid); }

std::optional<Missing> Facts::missing(const Need& need) const {
  switch (need.what) {
    case Question::Holders: return why_not(holders);
    case Question::Process: return why_not(process(need.pid));
    case Question::Threads: return why_not(threads_of(need.pid));
    case Question::SecondLook: return why_not(second.of(need.row));
    case Question::Details: return missing_details(details, need.pid);
    case Question::Partners: return why_not(partners);
  }
  return std::nullopt;
}

bool Facts::lacks_rows() const {
  return (dump && dump->cut_short) ||
         std::any_of(gaps.begin(), gaps.end(), [](const Gap& g) { return g.what == Gap::What::Rows; });
}

void offer_no_more(std::span<const Need> needs, Facts& facts) {
  constexpr auto kNot = tl::unexpected(Missing::NotOffered);
  const auto close = [&](auto& answer) {
    if (!answer && answer.error() == Missing::NotAsked) answer = kNot;
  };
  for (const auto& need : needs) {
    switch (need.what) {
      case Question::Holders: close(facts.holders); break;
      case Question::Process: {
        const auto [it, is_new] = facts.processes.try_emplace(need.pid, kNot);
        if (is_new || !it->second) break;
        close(it->second->frozen);
        close(it->second->descriptors);
        break;
      }
      case Question::Threads: facts.threads.try_emplace(need.pid, kNot); break;
      case Question::SecondLook: facts.second.add(need.row, kNot); break;
      case Question::Details: close(facts.details); break;
      case Question::Partners: close(facts.partners); break;
    }
  }
}

bool Facts::is_whole(Netns netns) const {
  return std::find(whole.begin(), whole.end(), netns) != whole.end();
}

}  // namespace whywait
