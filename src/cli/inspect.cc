#include "cli/commands.h"
#include "cli/output.h"
#include "core/sorted.h"
#include "diagnose/portrait.h"
#include "linux/procfs.h"
#include "render/elsewhere.h"
#include "render/page_text.h"
#include "render/portrait.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

namespace whywait::cli {
namespace {

// A thread has a directory of its own, which no listing shows.
std::optional<std::string> why_no_process(Pid pid) {
  const auto process = linux_os::open_process(pid);
  if (!process && linux_os::missing(process.error()) == Missing::Gone) {
    const auto* hidden = linux_os::hides_processes() ? ", or it may not be seen without root" : "";
    return fmt::format(
        "there is no process {0}{1}. `whywait list` names those that hold connections; a port is "
        "written :{0}.",
        number(pid), hidden);
  }
  const auto leader = process ? linux_os::thread_group_of(process->get()) : std::nullopt;
  if (!leader || *leader == pid) return std::nullopt;
  return fmt::format("{} is a thread of process {}: whywait inspect {}", number(pid), number(*leader),
                     number(*leader));
}

std::string why_no_rows(const Target& target, const Facts& facts) {
  const bool hidden = std::any_of(facts.gaps.begin(), facts.gaps.end(), [](const Gap& g) {
    return g.what == Gap::What::Namespaces || g.what == Gap::What::Rows;
  });
  const auto* where = hidden ? " where this user may look; sudo whywait may see more" : "";
  if (const auto* port = std::get_if<Port>(&target)) {
    return fmt::format("no TCP socket has port {} at either end{}. `whywait list{}` shows all there are.",
                       static_cast<uint16_t>(*port), where, render::from_option(facts));
  }
  const auto& ends = std::get<Ends>(target);
  return fmt::format(
      "no connection joins {} and {}{}. It may have ended; `whywait list --port {}` shows what is "
      "like it.",
      text(ends.one), text(ends.other), where, std::min(ends.one.port, ends.other.port));
}

// The same loop as the report's, begun with what the portrait needs, so that all of it costs one pause.
Judgement judge_with(live::Live& source, const Target& target, Facts& facts) {
  const auto collect = [&](std::span<const Need> needs, Facts& f) { source.answer(needs, f); };
  const Need holders{.what = Question::Holders};
  collect({&holders, 1}, facts);
  const auto so_far = judge(facts);
  auto needs = needs_of(make_portrait(facts, so_far, target), facts);
  needs.insert(needs.end(), so_far.needs.begin(), so_far.needs.end());
  sort_once(needs);
  collect(needs, facts);
  auto judgement = diagnose(facts, collect);
  for (const auto& subject : make_portrait(facts, judgement, target).subjects) {
    follow_chain(subject.pid, facts, collect);
  }
  return judgement;
}

int print(const Common& common, const render::Inspection& inspection) {
  return answer(common.json ? portrait_json(inspection)
                            : text_of(portrait_page(inspection), style_of(STDOUT_FILENO, kPipeWidth)));
}

int inspect_from(const Common& common, const Target& target) {
  const auto began = Clock::now();
  if (common.from.files.size() > 1) {
    complain("inspect takes one --from; the bare command compares several");
    return 2;
  }
  auto all = facts_from(common.from);
  if (!all) return 1;
  const auto d = diagnose_offline(std::move(all->front()));
  const auto portrait = make_portrait(d.facts, d.judgement, target);
  const auto* pid = std::get_if<Pid>(&target);
  if (pid != nullptr && portrait.rows.empty() && !d.facts.processes.contains(*pid)) {
    complain(fmt::format(
        "no process {} is named there. `whywait list --from …` shows who is; a port is written :{}.",
        number(*pid), number(*pid)));
    return 1;
  }
  if (pid == nullptr && portrait.rows.empty()) {
    complain(why_no_rows(target, d.facts));
    return 1;
  }
  const std::vector<std::string> no_ways;
  return print(common, {.facts = d.facts,
                        .judgement = d.judgement,
                        .portrait = portrait,
                        .ways = no_ways,
                        .took = since(began)});
}

}  // namespace

int inspect(const Common& common, const Target& target) {
  if (!common.from.files.empty()) return inspect_from(common, target);
  const auto began = Clock::now();
  const auto* pid = std::get_if<Pid>(&target);
  if (const auto why = pid == nullptr ? std::nullopt : why_no_process(*pid)) {
    complain(*why);
    return 1;
  }
  keep_reading_rights();
  live::Live source(common.live);
  auto facts = source.begin();
  const auto judgement = judge_with(source, target, facts);
  const auto portrait = make_portrait(facts, judgement, target);
  tell_ways(common, source);
  if (pid == nullptr && portrait.rows.empty()) {
    complain(why_no_rows(target, facts));
    return 1;
  }
  const render::Inspection inspection{.facts = facts,
                                      .judgement = judgement,
                                      .portrait = portrait,
                                      .ways = source.notes(),
                                      .took = since(began)};
  const int status = print(common, inspection);
  return whywait::status(facts, judgement) == Status::Unknown ? 1 : status;
}

}  // namespace whywait::cli
