#include "render/scenarios.h"

#include "render/json.h"

#include <nlohmann/json.hpp>

namespace whywait::render {

Page scenarios_page(const Scenarios& scenarios) {
  Page page;
  for (const auto& s : scenarios.all) {
    page.title(id(s.cause), Tone::Strong);
    page.section(s.is_harmless ? "  harmless" : "  fault", Tone::Faint).line(s.fault);
    page.section("  control", Tone::Faint).line(s.control);
  }
  page.section("NEXT").command("whywait lab not-accepted", "makes it happen and explains it");
  return page;
}

std::string scenarios_json(const Scenarios& scenarios) {
  auto out = Json::array();
  for (const auto& s : scenarios.all) {
    out.push_back({{"cause", id(s.cause)},
                   {"state", name(s.state)},
                   {"connections", s.connections},
                   {"harmless", s.is_harmless},
                   {"fault", s.fault},
                   {"control", s.control}});
  }
  return dump(out) + "\n";
}

}  // namespace whywait::render
