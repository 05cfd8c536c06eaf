#include "render/explain.h"

#include "render/causes/catalogue.h"
#include "render/explain_state.h"
#include "render/json.h"
#include "rules/rule.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

bool is_judged(Cause cause) {
  const auto rules = all_rules();
  return std::any_of(rules.begin(), rules.end(), [&](const Rule& r) { return r.cause == cause; });
}

// As the registry has it; of a cause without a rule, as its entry says.
bool stands_in(Cause cause, State state) {
  const auto rules = all_rules();
  const auto& unjudged = of(cause).states;
  return std::any_of(rules.begin(), rules.end(),
                     [&](const Rule& r) { return r.cause == cause && r.state == state; }) ||
         std::find(unjudged.begin(), unjudged.end(), state) != unjudged.end();
}

std::vector<std::string_view> causes_in(State state) {
  std::vector<std::string_view> ids;
  for (const auto cause : kAllCauses) {
    if (stands_in(cause, state)) ids.push_back(id(cause));
  }
  return ids;
}

std::vector<std::string_view> states_of(Cause cause) {
  std::vector<std::string_view> names;
  for (const auto state : kAllStates) {
    if (stands_in(cause, state)) names.push_back(name(state));
  }
  return names;
}

Page page_of(State state) { return state_page(state, causes_in(state)); }

Page page_of(Cause cause) {
  const auto& a = of(cause);
  Page page;
  page.section("CAUSE").line(fmt::format("{}: {}", id(cause), a.what));
  page.section("IN").line(fmt::format("{}", fmt::join(states_of(cause), ", ")));
  page.section("WHOSE MOVE").line(a.whose_move);
  page.section("TOLD BY").line(a.told_by);
  page.section("CURE").line(a.cure);
  if (is_judged(cause)) {
    page.section("NEXT").command(fmt::format("whywait lab {}", id(cause)),
                                 "makes it happen here, harmlessly");
  } else {
    page.section("NOTE").line("this version names it as a candidate, and has no rule that proves it yet");
  }
  return page;
}

Json json_of(State state) { return state_json(state, causes_in(state)); }

Json json_of(Cause cause) {
  const auto& a = of(cause);
  return {{"schema", "whywait.explain/1"},
          {"cause", id(cause)},
          {"states", states_of(cause)},
          {"what", a.what},
          {"whose_move", a.whose_move},
          {"told_by", a.told_by},
          {"cure", a.cure},
          {"judged", is_judged(cause)}};
}

}  // namespace

std::optional<Word> parse_word(std::string_view word) {
  if (const auto state = parse_state(word)) return *state;
  if (const auto cause = parse_cause(word)) return *cause;
  return std::nullopt;
}

Page explain_page(const Word& word) {
  return std::visit([](const auto& w) { return page_of(w); }, word);
}

std::string explain_json(const Word& word) {
  return dump(std::visit([](const auto& w) { return json_of(w); }, word)) + "\n";
}

std::string explainable_json(const AllWords& /*all*/) {
  auto states = Json::array();
  auto causes = Json::array();
  for (const auto s : kAllStates) states.push_back(name(s));
  for (const auto c : kAllCauses) causes.push_back(id(c));
  return dump({{"schema", "whywait.explain/1"}, {"states", states}, {"causes", causes}}) + "\n";
}

Page explainable_page(const AllWords& /*all*/) {
  std::vector<std::string_view> states;
  std::vector<std::string_view> causes;
  for (const auto s : kAllStates) states.push_back(name(s));
  for (const auto c : kAllCauses) causes.push_back(id(c));
  Page page;
  page.section("STATES").line(fmt::format("{}", fmt::join(states, ", ")));
  page.section("CAUSES").line(fmt::format("{}", fmt::join(causes, ", ")));
  page.section("NEXT").command("whywait explain CLOSE_WAIT", "");
  return page;
}

}  // namespace whywait::render
