#include "cli/commands.h"
#include "cli/output.h"
#include "cli/this_machine.h"
#include "diagnose/portrait.h"
#include "render/elsewhere.h"
#include "render/page_text.h"
#include "render/portrait.h"
#include "session/wants.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

namespace whywait::cli {
namespace {

// A thread has a directory of its own, which no listing shows.
std::optional<std::string> why_no_process(Pid pid) {
  const auto found = look_up(pid);
  if (found.is_unused) {
    return fmt::format(
        "there is no process {0}{1}. `whywait list` names those that hold connections; a port is "
        "written :{0}.",
        number(pid), found.may_be_hidden ? ", or it may not be seen without root" : "");
  }
  if (!found.thread_of) return std::nullopt;
  return fmt::format("{} is a thread of process {}: whywait inspect {}", number(pid),
                     number(*found.thread_of), number(*found.thread_of));
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

// Why there is no portrait.
std::optional<std::string> why_nothing(const Target& target, const Portrait& portrait, const Facts& facts) {
  if (!portrait.rows.empty()) return std::nullopt;
  const auto* pid = std::get_if<Pid>(&target);
  if (pid == nullptr) return why_no_rows(target, facts);
  const auto why = facts.missing({.what = Question::Process, .pid = *pid});
  if (facts.file.empty() || (why != Missing::NotAsked && why != Missing::NotOffered)) return std::nullopt;
  return fmt::format(
      "no process {0} is named there. `whywait list --from …` shows who is; a port is written :{0}.",
      number(*pid));
}

int print(const Common& common, const render::Inspection& inspection) {
  return answer(common.format == render::Format::Json
                    ? portrait_json(inspection)
                    : text_of(portrait_page(inspection), style_of(STDOUT_FILENO, kPipeWidth)));
}

}  // namespace

int inspect(const Common& common, const Target& target) {
  const auto* pid = common.from.files.empty() ? std::get_if<Pid>(&target) : nullptr;
  if (const auto why = pid == nullptr ? std::nullopt : why_no_process(*pid)) {
    complain(*why);
    return 1;
  }
  const auto d = diagnose(common, session::wants_of_portrait(target));
  if (!d) return 1;
  const auto portrait = make_portrait(d->facts, d->judgement, target);
  if (const auto why = why_nothing(target, portrait, d->facts)) {
    complain(*why);
    return 1;
  }
  return status_of(*d, print(common, {.facts = d->facts,
                                      .judgement = d->judgement,
                                      .portrait = portrait,
                                      .ways = d->notes,
                                      .took = d->took}));
}

}  // namespace whywait::cli
