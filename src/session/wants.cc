#include "session/wants.h"

#include "core/holder_index.h"
#include "core/sorted.h"
#include "diagnose/portrait.h"

#include <algorithm>
#include <unordered_set>

namespace whywait::session {
namespace {

// The threads of so many processes are read in the time of the pause between the looks or little more, and
// the second look at so many rows is one more reading of the table.
constexpr size_t kMostProcesses = 2000;
constexpr size_t kMostRows = 16'384;

// The names of who holds the rows, and a closer look at what holds a socket that has a file and no
// descriptor, which an ordinary user may not take.
std::vector<Need> needs_of_rows(const Facts& facts, const std::vector<uint32_t>& rows) {
  const auto index = index_of(facts.holders);
  std::unordered_set<Pid> seen;
  std::vector<Need> needs;
  bool has_unexplained = false;
  for (const auto row : rows) {
    const auto& c = facts.table.connections[row];
    const auto holders = index.of(c);
    for (const auto& h : holders) {
      if (seen.insert(h.pid).second) needs.push_back({.what = Question::Process, .pid = h.pid});
    }
    has_unexplained = has_unexplained || (holders.empty() && c.inode().value_or(0) != 0);
  }
  if (has_unexplained && facts.as_root && facts.holders) needs.push_back({.what = Question::Details});
  return needs;
}

std::vector<Pid> holders_of(const Facts& facts) {
  std::vector<Pid> out;
  if (!facts.holders) return out;
  for (const auto& h : facts.holders->rows) {
    if (out.empty() || out.back() != h.pid) out.push_back(h.pid);
  }
  sort_once(out);
  return out;
}

// A second look at these shows nothing.
bool is_still(State state) {
  return state == State::Listen || state == State::TimeWait || state == State::Closed;
}

std::vector<Need> needs_of_all(const Facts& facts) {
  const auto pids = holders_of(facts);
  std::vector<Need> out = {{.what = Question::Partners}};
  for (const auto pid : pids) {
    out.push_back({.what = Question::Process, .pid = pid});
    if (pids.size() > kMostProcesses) continue;
    out.push_back({.what = Question::Threads, .pid = pid});
    out.push_back({.what = Question::Details, .pid = pid});
  }
  const auto& rows = facts.table.connections;
  if (rows.size() > kMostRows) return out;
  for (uint32_t row = 0; row < rows.size(); ++row) {
    if (!is_still(rows[row].state)) out.push_back({.what = Question::SecondLook, .row = row});
  }
  return out;
}

std::vector<Pid> holders_unless_too_many(const Facts& facts) {
  auto pids = holders_of(facts);
  const bool too_many = pids.size() > kMostProcesses || facts.table.connections.size() > kMostRows;
  return too_many ? std::vector<Pid>() : std::move(pids);
}

}  // namespace

Wants wants_of_listing(const Selection& selection) {
  return {.after_verdict = [selection](const Facts& facts) {
    return needs_of_rows(facts, matching(facts, selection));
  }};
}

// Nothing of a portrait that is asked for hangs on a verdict.
Wants wants_of_portrait(const Target& target) {
  return {
      .before_verdict =
          [target](const Facts& facts) { return needs_of(make_portrait(facts, Judgement{}, target), facts); },
      .chains_from =
          [target](const Facts& facts) {
            std::vector<Pid> out;
            for (const auto& subject : make_portrait(facts, Judgement{}, target).subjects)
              out.push_back(subject.pid);
            return out;
          }};
}

Wants everything() { return {.before_verdict = needs_of_all, .chains_from = holders_unless_too_many}; }

}  // namespace whywait::session
