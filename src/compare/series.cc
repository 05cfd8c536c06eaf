#include "compare/series.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace whywait {
namespace {

using std::chrono::hours;
using std::chrono::system_clock;

// A time before the first dump that anybody can have is that of a file without one.
constexpr system_clock::time_point kNoEarlier{hours(24) * 365 * 15};
constexpr Milliseconds kShortest{1000};
constexpr Milliseconds kLongest = hours(24) * 365 * 10;

std::optional<Milliseconds> between(const Facts& earlier, const Facts& later) {
  const auto from = time_of(earlier);
  const auto to = time_of(later);
  if (!from || !to) return std::nullopt;
  const auto length = std::chrono::duration_cast<Milliseconds>(*to - *from);
  // Files that were copied together have the time of the copy.
  return length < kShortest || length > kLongest ? std::nullopt : std::optional(length);
}

bool are_dated(std::span<const Facts> dumps) {
  for (size_t i = 1; i < dumps.size(); ++i) {
    if (!between(dumps[i - 1], dumps[i])) return false;
  }
  return true;
}

// Commands differ in what they show: lsof leaves out sockets without a holder.
bool are_of_one_command(std::span<const Facts> dumps) {
  const auto& first = dumps.front();
  return std::all_of(dumps.begin(), dumps.end(),
                     [&](const Facts& f) { return (!f.dump && !first.dump) || f.source == first.source; });
}

// Some noise around a dump is no harm.
bool lacks_rows(const Facts& facts) {
  constexpr uint64_t kNoise = 10;
  return facts.lacks_rows() || (facts.dump && facts.dump->skipped * kNoise > facts.dump->rows);
}

// Whether they were in another one.
bool put_in_order(std::span<Facts> dumps) {
  if (!std::all_of(dumps.begin(), dumps.end(), [](const Facts& f) { return time_of(f).has_value(); }))
    return false;
  const auto before = [](const Facts& a, const Facts& b) { return a.taken_at < b.taken_at; };
  if (std::is_sorted(dumps.begin(), dumps.end(), before)) return false;
  std::stable_sort(dumps.begin(), dumps.end(), before);
  return true;
}

// A host on which nothing at all moves has few connections.
bool is_copy(const Facts& a, const Facts& b) {
  constexpr size_t kFew = 20;
  const auto& rows = a.table.connections;
  if (!a.dump || !b.dump || rows.size() < kFew || rows.size() != b.table.connections.size()) return false;
  return std::equal(rows.begin(), rows.end(), b.table.connections.begin(),
                    [](const Connection& x, const Connection& y) {
                      return x.state == y.state && x.local == y.local && x.remote == y.remote &&
                             x.recv_q() == y.recv_q() && x.send_q() == y.send_q();
                    });
}

// How far the sum of the steps would be off another time, as far as they differ from each other.
double unevenness(const std::vector<uint64_t>& counts, const Series& series) {
  if (counts.size() < 3 || counts.size() != series.steps.size() + 1) return 0;
  const double all = double(counts.back()) - double(counts.front());
  double squares = 0;
  for (size_t i = 1; i < counts.size(); ++i) {
    const auto share = double(series.steps[i - 1].count()) / double(series.window->count());
    const auto off = double(counts[i]) - double(counts[i - 1]) - share * all;
    squares += off * off;
  }
  return std::sqrt(squares);
}

std::optional<Rate> rate_of(const Growth& g, const Series& series) {
  if (!series.window || series.window->count() <= 0) return std::nullopt;
  const double minutes = double(series.window->count()) / 60'000;
  const double spread =
      2 * std::max(std::sqrt(double(g.came + g.went_at_most)), unevenness(g.counts, series));
  const double least = double(g.came) - double(g.went_at_most);
  const double most = double(g.came) - double(g.went_at_least);
  return Rate{.mean = (least + most) / 2 / minutes,
              .low = (least - spread) / minutes,
              .high = (most + spread) / minutes};
}

void finish(Growth& growth, const Series& series) {
  growth.window = series.window;
  if (series.is_of_one_command && !series.is_partial) growth.rate = rate_of(growth, series);
}

using PerState = std::array<uint64_t, kStates>;

PerState count_states(const Facts& facts) {
  PerState out{};
  for (const auto& c : facts.table.connections) ++out.at(static_cast<size_t>(c.state));
  for (const auto& [state, n] : facts.tally) out.at(static_cast<size_t>(state)) += n;
  return out;
}

// A dump that was filtered for one state shows nothing of the others.
bool tells(const PerState& counts, State state) {
  const auto states = std::count_if(counts.begin(), counts.end(), [](uint64_t n) { return n > 0; });
  return states != 1 || counts.at(static_cast<size_t>(state)) > 0;
}

PerState count_carried(const Facts& last, const CarriedOver& carried) {
  PerState out{};
  uint32_t row = 0;
  for (const auto& c : last.table.connections) {
    if (carried.is_sure[row++]) ++out.at(static_cast<size_t>(c.state));
  }
  return out;
}

// Nothing if a row cannot be told from a later one, or if rows were only counted.
std::optional<uint64_t> stood(State state, const PerState& carried, std::span<const Facts> dumps) {
  if (!dumps.front().tally.empty() || !dumps.back().tally.empty()) return std::nullopt;
  const auto n = carried.at(static_cast<size_t>(state));
  return n > 0 || is_passed_once(state) ? std::optional(n) : std::nullopt;
}

std::vector<StateGrowth> states_of(std::span<const Facts> dumps, const Series& series) {
  std::vector<PerState> counts;
  for (const auto& facts : dumps) counts.push_back(count_states(facts));
  const auto carried_of = count_carried(dumps.back(), series.carried);
  std::vector<StateGrowth> out;
  for (const auto state : kAllStates) {
    const auto i = static_cast<size_t>(state);
    if (std::all_of(counts.begin(), counts.end(), [&](const PerState& c) { return c.at(i) == 0; })) continue;
    if (!std::all_of(counts.begin(), counts.end(), [&](const PerState& c) { return tells(c, state); }))
      continue;
    StateGrowth s{.state = state, .growth = {}};
    for (const auto& c : counts) s.growth.counts.push_back(c.at(i));
    s.growth.stood = stood(state, carried_of, dumps);
    s.growth.came = counts.back().at(i) - s.growth.stood.value_or(0);
    s.growth.went_at_least = s.growth.went_at_most = counts.front().at(i) - s.growth.stood.value_or(0);
    finish(s.growth, series);
    out.push_back(std::move(s));
  }
  return out;
}

// The place of a verdict's connections: all in one state, with one service.
struct Place {
  State state = State::Closed;
  bool is_local = false;  // the port
  uint16_t port = 0;

  auto operator<=>(const Place&) const = default;  // NOLINT(*-implicit-bool-conversion): its bool
};

Place place_of(const Case& c) {
  return {.state = c.state, .is_local = c.side == Side::Server, .port = c.service.port};
}

bool is_at(const Connection& c, const Place& place) {
  return c.state == place.state && (place.is_local ? c.local.port : c.remote.port) == place.port;
}

// Among the open connections, those with unread data.
bool is_waiting(const Connection& c) { return c.state != State::Established || c.recv_q().value_or(0) > 0; }

// The contents of the dumps at one place.
struct Crowd {
  std::vector<uint64_t> counts;
  uint64_t went = 0;
};

class Grower {
 public:
  Grower(std::span<const Facts> dumps, const Series& series)
      : dumps_(dumps), carried_(series.carried), series_(series) {}

  void want(std::span<const Case> cases) { crowds_.try_emplace(place_of(cases.front())); }

  void count() {
    std::array<bool, kStates> wanted{};
    for (auto& [place, crowd] : crowds_) {
      crowd.counts.resize(dumps_.size());
      wanted.at(static_cast<size_t>(place.state)) = true;
    }
    for (size_t i = 0; i < dumps_.size(); ++i) {
      uint32_t row = 0;
      for (const auto& c : dumps_[i].table.connections) {
        const auto now = row++;
        if (!wanted.at(static_cast<size_t>(c.state)) || !is_waiting(c)) continue;
        const bool went = i == 0 && has_gone(now);
        for (const bool is_local : {false, true}) {
          const auto it = crowds_.find({c.state, is_local, is_local ? c.local.port : c.remote.port});
          if (it == crowds_.end()) continue;
          ++it->second.counts[i];
          it->second.went += went ? 1 : 0;
        }
      }
    }
  }

  std::optional<Growth> growth_of(std::span<const Case> cases) const {
    const auto place = place_of(cases.front());
    // The source gives no ends for dead connections.
    if (place.state == State::Closed || !is_told(place.state)) return std::nullopt;
    const auto& last = dumps_.back().table.connections;
    Growth out;
    uint64_t stood = 0;
    for (const auto& c : cases) {
      for (const auto& m : c.members) {
        if (!is_waiting(last[m.index]) || !is_at(last[m.index], place)) return std::nullopt;
        ++(has_stood(m.index) ? stood : out.came);
      }
    }
    if (stood > 0 || is_passed_once(place.state)) out.stood = stood;
    const auto& crowd = crowds_.at(place);
    // Others at the same place may have been those that went.
    const bool are_all = crowd.counts.back() == out.came + stood;
    out.went_at_most = crowd.went;
    if (are_all) {
      out.went_at_least = crowd.went;
      out.counts = crowd.counts;
    }
    finish(out, series_);
    return out;
  }

 private:
  bool is_told(State state) const {
    const auto& states = series_.states;
    return std::any_of(states.begin(), states.end(), [&](const StateGrowth& s) { return s.state == state; });
  }
  // A row of the last dump.
  bool has_stood(uint32_t row) const {
    return carried_.is_sure[row] && is_waiting(dumps_.front().table.connections[carried_.earlier_of[row]]);
  }
  // One of the first.
  bool has_gone(uint32_t row) const {
    const auto now = carried_.later_of[row];
    return now == kNoRow || !carried_.is_sure[now] || !is_waiting(dumps_.back().table.connections[now]);
  }

  std::span<const Facts> dumps_;
  const CarriedOver& carried_;
  const Series& series_;
  std::map<Place, Crowd> crowds_;
};

Clock clock_of(std::span<const Facts> dumps) {
  const auto is_file = [](const Facts& f) { return f.dump.has_value(); };
  return std::any_of(dumps.begin(), dumps.end(), is_file) ? Clock::Files : Clock::Source;
}

// True if one process holds all of them, each with a descriptor.
std::optional<Exhaustion> exhaustion_of(const Verdict& v, const Growth& growth, const Facts& facts) {
  if (v.finding.culprits.size() != 1) return std::nullopt;
  if (std::any_of(v.cases.begin(), v.cases.end(), [](const Case& c) { return c.accepted == false; }))
    return std::nullopt;
  const auto& process = facts.process(v.finding.culprits.front().pid);
  if (!process || !process->descriptors || !process->descriptors->limit) return std::nullopt;
  return forecast(process->descriptors->open, *process->descriptors->limit, growth);
}

}  // namespace

std::optional<system_clock::time_point> time_of(const Facts& facts) {
  return facts.taken_at < kNoEarlier ? std::nullopt : std::optional(facts.taken_at);
}

std::string name_of(const Facts& facts) { return facts.host.empty() ? facts.file : facts.host; }

Series make_series(std::span<Facts> dumps, std::optional<Milliseconds> interval, const Relation& known_by) {
  const bool is_reordered = !interval && put_in_order(dumps);
  Series out{.known_by = known_by, .moments = {}, .window = {}, .steps = {}, .carried = {}, .states = {}};
  out.is_reordered = is_reordered;
  out.has_copy = std::adjacent_find(dumps.begin(), dumps.end(), is_copy) != dumps.end();
  // When a copy was made says nothing.
  const bool is_dated = interval || (are_dated(dumps) && !out.has_copy);
  if (is_dated) out.window = Milliseconds(0);
  for (size_t i = 0; i < dumps.size(); ++i) {
    out.moments.push_back({dumps[i].dump ? dumps[i].file : dumps[i].host, time_of(dumps[i])});
    if (i == 0) continue;
    const auto step = interval ? interval : between(dumps[i - 1], dumps[i]);
    const bool has_restarted = whywait::has_restarted(dumps[i - 1], dumps[i], step);
    out.has_restarted = out.has_restarted || has_restarted;
    out.carried =
        has_restarted ? none_carried_over(dumps[i - 1], dumps[i]) : carried_over(dumps[i - 1], dumps[i]);
    if (!is_dated) continue;
    date(dumps[i - 1], dumps[i], out.carried, *step);
    *out.window += *step;
    out.steps.push_back(*step);
  }
  if (dumps.size() > 2) {
    out.carried = out.has_restarted ? none_carried_over(dumps.front(), dumps.back())
                                    : carried_over(dumps.front(), dumps.back());
  }
  if (is_dated) out.clock = interval ? Clock::Told : clock_of(dumps);
  out.is_of_one_command = are_of_one_command(dumps);
  out.is_partial = std::any_of(dumps.begin(), dumps.end(), lacks_rows);
  out.states = states_of(dumps, out);
  return out;
}

Trends trends_of(const Judgement& judgement, std::span<const Facts> dumps, const Series& series) {
  Grower grower(dumps, series);
  for (const auto* verdicts : {&judgement.faults, &judgement.normal}) {
    for (const auto& v : *verdicts) grower.want(v.cases);
  }
  for (const auto& open : judgement.undecided) grower.want(open.cases);
  grower.count();
  Trends out;
  const auto add = [&](const auto& group) {
    if (auto growth = grower.growth_of(group.cases)) out.emplace(group.id, Trend{std::move(*growth), {}});
  };
  for (const auto& v : judgement.faults) {
    add(v);
    if (const auto it = out.find(v.id); it != out.end())
      it->second.exhausts = exhaustion_of(v, it->second.growth, dumps.back());
  }
  for (const auto& v : judgement.normal) add(v);
  for (const auto& open : judgement.undecided) add(open);
  return out;
}

}  // namespace whywait
