#include "render/explain_state.h"

#include "core/reachable.h"
#include "core/transitions.h"
#include "render/drawing.h"
#include "render/state_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

std::string other_names(State state) {
  std::vector<std::string_view> names;
  for (const auto dialect : kAllDialects) {
    const auto n = name(state, dialect);
    if (n != name(state) && std::find(names.begin(), names.end(), n) == names.end()) names.push_back(n);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string in_words(const Misconception& s) {
  const std::string_view quote = s.verbatim ? "\"" : "";
  const std::string_view stop = s.said.ends_with('.') ? "" : ".";
  return fmt::format("{}: {}{}{}{} In truth: {}", s.by, quote, s.said, quote, stop, s.truth);
}

Json or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

Json json_of(const Transition& t, std::string_view key, State other) {
  return {{key, name(other)},
          {"event", id(t.event)},
          {"orderly", is_orderly(t.event)},
          {"mover", id(mover_of(t.event))},
          {"sends", or_null(id(t.sent))},
          {"standing", id(t.validity)},
          {"source", t.source}};
}

Json ways_in(State state) {
  auto ways = Json::array();
  for (const auto& t : transitions_to(state)) ways.push_back(json_of(t, "from", t.from));
  return ways;
}

Json ways_out(State state) {
  auto ways = Json::array();
  for (const auto& t : transitions_from(state)) ways.push_back(json_of(t, "to", t.to));
  return ways;
}

Json other_ends(State state) {
  auto ends = Json::array();
  for (const auto other : others_of(state)) {
    const auto who = ended_by(state, other);
    ends.push_back(
        {{"state", name(other)}, {"can_last", who.has_value()}, {"ended_by", who ? Json(id(*who)) : Json()}});
  }
  return ends;
}

Json said(State state) {
  auto all = Json::array();
  for (const auto& s : misconceptions_about(state))
    all.push_back({{"by", s.by}, {"said", s.said}, {"verbatim", s.verbatim}, {"truth", s.truth}});
  return all;
}

}  // namespace

Page state_page(State state, const std::vector<std::string_view>& causes) {
  const auto& a = about(state);
  Page page;
  const auto line = [&](std::string_view label, std::string_view text) {
    if (!text.empty()) page.section(label).line(text);
  };
  line(name(state), a.what);
  auto drawing = draw(state);
  drawing.in_words = {.label = {.text = "ENDS BY"}, .runs = {ends_by(state)}};
  page.drawing(std::move(drawing));
  line("WHOSE MOVE", whose_move(state));
  line("HOW LONG", a.how_long);
  line("OTHER END", other_end(state));
  line("BEWARE", a.beware);
  page.section("SAID");
  for (const auto& s : misconceptions_about(state)) page.line(in_words(s));
  line("ALSO", other_names(state));
  line("CAUSES", fmt::format("{}", fmt::join(causes, ", ")));
  page.section("NEXT").command(fmt::format("whywait list --state {}", name(state)), "");
  return page;
}

Json state_json(State state, const std::vector<std::string_view>& causes) {
  const auto& a = about(state);
  auto names = Json::object();
  constexpr std::array kDialectIds = {"rfc", "ss", "net-tools", "bsd", "powershell", "windows"};
  for (const auto d : kAllDialects) names[kDialectIds.at(static_cast<size_t>(d))] = name(state, d);
  return {{"schema", "whywait.explain/1"},
          {"state", name(state)},
          {"what", a.what},
          {"ends_by", ends_by(state)},
          {"whose_move", whose_move(state)},
          {"how_long", a.how_long},
          {"beware", a.beware},
          {"names", names},
          {"causes", causes},
          {"ways_in", ways_in(state)},
          {"ways_out", ways_out(state)},
          {"other_end", other_ends(state)},
          {"said", said(state)}};
}

}  // namespace whywait::render
