#include "lab/lab.h"

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/this_machine.h"
#include "render/page_text.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace whywait::cli {
namespace {

render::Page scenarios_page() {
  render::Page page;
  for (const auto& s : lab::all_scenarios()) {
    page.title(id(s.cause), render::Tone::Strong);
    page.section(s.is_harmless ? "  harmless" : "  fault", render::Tone::Faint).line(s.fault);
    page.section("  control", render::Tone::Faint).line(s.control);
  }
  page.section("NEXT").command("whywait lab not-accepted", "makes it happen and explains it");
  return page;
}

std::string scenarios_json() {
  auto out = nlohmann::ordered_json::array();
  for (const auto& s : lab::all_scenarios()) {
    out.push_back({{"cause", id(s.cause)},
                   {"state", name(s.state)},
                   {"connections", s.connections},
                   {"harmless", s.is_harmless},
                   {"fault", s.fault},
                   {"control", s.control}});
  }
  return out.dump() + "\n";
}

}  // namespace

int lab(const Common& common, const LabOptions& options) {
  if (options.cause.empty()) {
    return answer(common.format == render::Format::Json
                      ? scenarios_json()
                      : text_of(scenarios_page(), style_of(STDOUT_FILENO, kPipeWidth)));
  }
  const auto all = lab::all_scenarios();
  const auto scenario =
      std::find_if(all.begin(), all.end(), [&](const auto& s) { return id(s.cause) == options.cause; });
  if (scenario == all.end()) {
    complain(fmt::format("the lab has no scenario '{}'; `whywait lab` lists them",
                         render::printable(options.cause)));
    return 2;
  }
  const auto body = [&](const lab::Scene& scene) {
    complain(fmt::format("{}", options.control ? scenario->control : scenario->fault));
    complain(fmt::format(
        "process {}, port {}, in a network namespace of its own; it takes {} s until this can be told "
        "from {}",
        number(scene.culprit), scene.port, scenario->ripens.count(),
        scenario->is_harmless ? "a fault" : "a healthy close"));
    std::this_thread::sleep_for(scenario->ripens);
    Common here = common;
    here.live.own_namespace_only = true;
    keep_only(Rights::Read);
    const int status = report(here);
    std::this_thread::sleep_for(options.hold);
    return status;
  };
  const auto played = play(*scenario, options.control ? lab::Variant::Control : lab::Variant::Fault, body);
  if (played) return *played;
  complain(played.error());
  return 1;
}

}  // namespace whywait::cli
