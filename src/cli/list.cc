#include "cli/commands.h"
#include "cli/output.h"
#include "core/holder_index.h"
#include "linux/procfs.h"
#include "render/listing.h"
#include "render/page_text.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include <fmt/format.h>
#include <unistd.h>

namespace whywait::cli {
namespace {

std::vector<Need> names_of_holders(const Facts& facts, const std::vector<uint32_t>& rows) {
  const auto index = index_of(facts.holders);
  std::unordered_set<Pid> seen;
  std::vector<Need> needs;
  for (const auto row : rows) {
    for (const auto& h : index.of(facts.table.connections[row])) {
      if (seen.insert(h.pid).second) needs.push_back({.what = Question::Process, .pid = h.pid});
    }
  }
  std::sort(needs.begin(), needs.end());
  return needs;
}

// What holds a socket that has a file and no descriptor is worth a closer look; an ordinary user may not take
// it.
bool has_unexplained(const Facts& facts, const std::vector<uint32_t>& rows) {
  if (!facts.as_root || !facts.holders) return false;
  const auto index = index_of(facts.holders);
  return std::any_of(rows.begin(), rows.end(), [&](uint32_t row) {
    const auto& c = facts.table.connections[row];
    return c.inode().value_or(0) != 0 && index.of(c).empty();
  });
}

// A process that does not exist holds nothing: another was meant.
std::optional<Pid> nobody(const Selection& selection) {
  for (const auto pid : selection.pids) {
    const auto process = linux_os::open_process(pid);
    if (!process && linux_os::missing(process.error()) == Missing::Gone) return pid;
  }
  return std::nullopt;
}

int print(const Common& common, const render::Listing& listing) {
  const int status = answer_in_parts([&](const render::Sink& sink) {
    return common.json ? listing_json(listing, sink)
                       : listing_text(listing, style_of(STDOUT_FILENO, 0), sink);
  });
  if (status == 0 && !common.json) {
    note(text_of(listing_notes(listing), style_of(STDERR_FILENO, kPipeWidth)));
  }
  return status;
}

int list_from(const Common& common, const Selection& selection) {
  if (common.from.files.size() > 1) {
    complain("list takes one --from; the bare command compares several");
    return 2;
  }
  auto all = facts_from(common.from);
  if (!all) return 1;
  const auto d = diagnose_offline(std::move(all->front()));
  return print(common, {.facts = d.facts, .judgement = d.judgement, .rows = select(d.facts, selection)});
}

}  // namespace

int list(const Common& common, const Selection& selection) {
  if (!common.from.files.empty()) return list_from(common, selection);
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
  const Need details{.what = Question::Details};
  if (has_unexplained(d.facts, listing.rows)) source.answer({&details, 1}, d.facts);

  tell_ways(common, source);
  const int status = print(common, listing);
  return whywait::status(d.facts, d.judgement) == Status::Unknown ? 1 : status;
}

}  // namespace whywait::cli
