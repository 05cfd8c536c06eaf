#include "render/drawing.h"

#include "render/state_words.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace whywait::render {
namespace {

using Row = Drawing::Row;

struct Way {
  std::string state;  // the one that is not drawn
  std::string label;
  std::string note;
};

std::string note_of(const Transition& t) {
  const auto who = in_words(mover_of(t.event));
  return t.sent == Sent::Nothing ? std::string(who) : fmt::format("{}; sends {}", who, id(t.sent));
}

// Into CLOSED lead nearly all that is not orderly, from everywhere: in one line.
std::vector<Way> ways_in(State state) {
  std::vector<Way> ways;
  for (const auto& t : transitions_to(state)) {
    if (state == State::Closed && !is_orderly(t.event)) continue;
    ways.push_back(
        {std::string(name(t.from)), fmt::format("{}{}", in_words(t.event), mark(t.validity)), note_of(t)});
  }
  if (state == State::Closed) ways.push_back({"any state", "RST, abort", "either end, or its kernel"});
  return ways;
}

std::vector<Way> ways_out(State state) {
  std::vector<Way> ways;
  for (const auto& t : transitions_from(state))
    ways.push_back(
        {fmt::format("{}{}", name(t.to), mark(t.validity)), std::string(in_words(t.event)), note_of(t)});
  return ways;
}

size_t longest(const std::vector<Way>& ways, size_t (*of)(const Way&)) {
  size_t most = 0;
  for (const auto& w : ways) most = std::max(most, of(w));
  return most;
}

// ESTABLISHED  -- FIN -------------.
// SYN_RECEIVED -- FIN, ACK of SYN -+
//                                  v
std::vector<Row> rows_in(const std::vector<Way>& ways) {
  const size_t names = longest(ways, [](const Way& w) { return w.state.size(); });
  const size_t labels = longest(ways, [](const Way& w) { return w.label.size(); });
  std::vector<Row> rows;
  for (const auto& w : ways) {
    rows.push_back({fmt::format("{:<{}} -- {} {:-<{}}{}", w.state, names, w.label, "",
                                labels - w.label.size() + 1, rows.empty() ? '.' : '+'),
                    w.note});
  }
  rows.push_back({fmt::format("{:>{}}", 'v', rows.front().art.size()), ""});
  return rows;
}

// +-- close/shutdown -> LAST_ACK
// '-- RST ------------> CLOSED
std::vector<Row> rows_out(const std::vector<Way>& ways) {
  const size_t labels = longest(ways, [](const Way& w) { return w.label.size(); });
  std::vector<Row> rows;
  for (const auto& w : ways) {
    rows.push_back({fmt::format("{}-- {} {:-<{}}> {}", rows.size() + 1 == ways.size() ? '\'' : '+', w.label,
                                "", labels - w.label.size() + 1, w.state),
                    w.note});
  }
  return rows;
}

std::vector<Row> rows_of(State state) {
  auto rows = rows_in(ways_in(state));
  const size_t trunk = rows.back().art.size();
  rows.push_back({fmt::format(".{:-<{}} {}", "", trunk - name(state).size() - 1, name(state)), ""});
  for (auto& row : rows_out(ways_out(state))) rows.push_back(std::move(row));
  return rows;
}

}  // namespace

Drawing draw(State state) { return {.rows = rows_of(state), .in_words = {}}; }

}  // namespace whywait::render
