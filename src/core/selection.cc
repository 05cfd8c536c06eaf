#include "core/selection.h"

#include <algorithm>
#include <tuple>

namespace whywait {
namespace {

template <class T>
bool in(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool is_held_by(const Facts& facts, const Connection& c, const std::vector<Pid>& pids) {
  if (!facts.holders || c.inode().value_or(0) == 0) return false;
  const auto holders = facts.holders->of(*c.inode());
  return std::any_of(holders.begin(), holders.end(), [&](const Holder& h) { return in(pids, h.pid); });
}

bool matches(const Facts& facts, const Connection& c, const Selection& s) {
  if (!s.states.empty() && !in(s.states, c.state)) return false;
  if (!s.ports.empty() && !in(s.ports, c.local.port) && !in(s.ports, c.remote.port)) return false;
  return s.pids.empty() || is_held_by(facts, c, s.pids);
}

}  // namespace

std::vector<uint32_t> select(const Facts& facts, const Selection& selection) {
  const auto& rows = facts.table.connections;
  std::vector<uint32_t> out;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    if (matches(facts, rows[i], selection)) out.push_back(i);
  }
  std::sort(out.begin(), out.end(), [&](uint32_t a, uint32_t b) {
    const auto key = [&](uint32_t i) {
      return std::tie(rows[i].state, rows[i].netns, rows[i].local, rows[i].remote);
    };
    return key(a) < key(b);
  });
  return out;
}

}  // namespace whywait
