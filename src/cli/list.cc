#include "cli/commands.h"
#include "cli/output.h"
#include "linux/procfs.h"
#include "render/listing.h"

#include <optional>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

namespace whywait::cli {
namespace {

std::vector<Need> names_of_holders(const Facts& facts, const std::vector<uint32_t>& rows) {
  std::set<Need> needs;
  if (!facts.holders) return {};
  for (const auto index : rows) {
    const auto inode = facts.table.connections[index].inode().value_or(0);
    if (inode == 0) continue;
    for (const auto& h : facts.holders->of(inode)) needs.insert({.what = Question::Process, .pid = h.pid});
  }
  return {needs.begin(), needs.end()};
}

// A process that does not exist holds nothing: another was meant.
std::optional<Pid> nobody(const Selection& selection) {
  for (const auto pid : selection.pids) {
    const auto process = linux_os::open_process(pid);
    if (!process && linux_os::missing(process.error()) == Missing::Gone) return pid;
  }
  return std::nullopt;
}

}  // namespace

int list(const Common& common, const Selection& selection) {
  if (const auto pid = nobody(selection)) {
    complain(fmt::format("there is no process {}. `whywait list` names those that hold connections.",
                         number(*pid)));
    return 1;
  }
  live::Live source(common.live);
  auto d = diagnose_live(source);
  const Need holders{.what = Question::Holders};
  source.answer({&holders, 1}, d.facts);
  const render::Listing listing{
      .facts = d.facts, .judgement = d.judgement, .rows = select(d.facts, selection)};
  source.answer(names_of_holders(d.facts, listing.rows), d.facts);

  tell_ways(common, source);
  const int status =
      answer(common.json ? listing_json(listing) : listing_text(listing, style_of(STDOUT_FILENO, 0)));
  if (status == 0 && !common.json) {
    note(listing_notes(listing, style_of(STDERR_FILENO, kPipeWidth)));
  }
  return whywait::status(d.facts, d.judgement) == Status::Unknown ? 1 : status;
}

}  // namespace whywait::cli
