#include "cli/commands.h"
#include "cli/output.h"
#include "cli/this_machine.h"
#include "render/listing.h"
#include "render/page_text.h"
#include "session/wants.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

namespace whywait::cli {
namespace {

// A process that does not exist holds nothing: another was meant.
std::optional<Pid> nobody(const Selection& selection) {
  const auto& pids = selection.pids;
  const auto it = std::find_if(pids.begin(), pids.end(), [](Pid pid) { return look_up(pid).is_unused; });
  return it == pids.end() ? std::nullopt : std::optional(*it);
}

int print(const Common& common, const render::Listing& listing) {
  const bool is_json = common.format == render::Format::Json;
  const int status = answer_in_parts([&](const render::Sink& sink) {
    return is_json ? listing_json(listing, sink) : listing_text(listing, style_of(STDOUT_FILENO, 0), sink);
  });
  if (status == 0 && !is_json) {
    note(text_of(listing_notes(listing), style_of(STDERR_FILENO, kPipeWidth)));
  }
  return status;
}

}  // namespace

int list(const Common& common, const Selection& selection) {
  if (const auto pid = common.from.files.empty() ? nobody(selection) : std::nullopt) {
    complain(fmt::format("there is no process {}. `whywait list` names those that hold connections.",
                         number(*pid)));
    return 1;
  }
  const auto d = diagnose(common, session::wants_of_listing(selection));
  if (!d) return 1;
  const render::Listing listing{
      .facts = d->facts, .judgement = d->judgement, .rows = select(d->facts, selection)};
  return status_of(*d, print(common, listing));
}

}  // namespace whywait::cli
