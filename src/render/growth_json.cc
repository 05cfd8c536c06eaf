#include "render/growth_json.h"

#include "render/ends_words.h"
#include "render/page.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

// Rounded to a thousandth, because more is not known.
Json per_minute(const std::optional<Rate>& rate, double Rate::*what) {
  return rate ? Json(std::round((*rate).*what * 1000) / 1000) : Json();
}

std::string_view id(Clock clock) {
  switch (clock) {
    case Clock::Told: return "interval";
    case Clock::Files: return "files";
    case Clock::Source: return "source";
    case Clock::None: return "none";
  }
  return "";
}

}  // namespace

Json growth_json(const Growth& g) {
  // If the counts include other groups, the growth follows from the first and the last dump alone.
  const auto dumps = g.counts.empty() ? size_t{2} : g.counts.size();
  return {{"per_min", per_minute(g.rate, &Rate::mean)},
          {"low", per_minute(g.rate, &Rate::low)},
          {"high", per_minute(g.rate, &Rate::high)},
          {"window_s", seconds(g.window)},
          {"method", dumps == 2 ? "two dumps" : fmt::format("{} dumps", dumps)},
          {"counts", g.counts},
          // Without a row that is surely the same, none is known to be another.
          {"came", g.stood ? Json(g.came) : Json()},
          {"went_at_least", g.stood ? Json(g.went_at_least) : Json()},
          {"went_at_most", g.stood ? Json(g.went_at_most) : Json()},
          {"stood_through", g.stood ? Json(*g.stood) : Json()}};
}

Json forecast_json(const Exhaustion& e, const Facts& facts) {
  const auto taken = time_of(facts);
  const auto at = [&](std::optional<Milliseconds> after) {
    return taken && after ? Json(rfc3339(*taken + *after)) : Json();
  };
  return {{"what", "descriptors"},           {"used", e.used},         {"limit", e.limit},
          {"earliest", at(e.earliest)},      {"latest", at(e.latest)}, {"earliest_in_s", seconds(e.earliest)},
          {"latest_in_s", seconds(e.latest)}};
}

Json series_json(const Series& s) {
  auto dumps = Json::array();
  for (const auto& m : s.moments)
    dumps.push_back({{"name", m.name}, {"taken_at", m.taken_at ? Json(rfc3339(*m.taken_at)) : Json()}});
  auto states = Json::object();
  for (const auto& state : s.states) states[std::string(name(state.state))] = growth_json(state.growth);
  return {{"dumps", dumps},       {"because", because(s.known_by)}, {"window_s", seconds(s.window)},
          {"clock", id(s.clock)}, {"restarted", s.has_restarted},   {"one_command", s.is_of_one_command},
          {"states", states}};
}

}  // namespace whywait::render
