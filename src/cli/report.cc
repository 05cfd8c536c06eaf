#include "render/report.h"

#include "cli/commands.h"
#include "cli/output.h"
#include "linux/privileges.h"
#include "render/comparison.h"

#include <unistd.h>

namespace whywait::cli {

void keep_reading_rights() {
  if (const auto dropped = linux_os::keep_reading_rights_only(); !dropped) complain(dropped.error().text());
}

Diagnosis diagnose_live(live::Live& source) {
  const auto began = Clock::now();
  keep_reading_rights();
  Diagnosis d{.facts = source.begin(), .judgement = {}};
  d.judgement =
      diagnose(d.facts, [&](std::span<const Need> needs, Facts& facts) { source.answer(needs, facts); });
  d.took = since(began);
  return d;
}

void tell_ways(const Common& common, const live::Live& source) {
  if (!common.verbose) return;
  for (const auto& line : source.notes()) complain(render::printable(line));
}

Diagnosis diagnose_offline(Facts&& facts) {
  const auto began = Clock::now();
  Diagnosis d{.facts = std::move(facts), .judgement = {}};
  d.judgement = diagnose(d.facts, offer_no_more);
  d.took = since(began);
  return d;
}

namespace {

int print(const Common& common, const Diagnosis& d) {
  const render::Report r{.facts = d.facts, .judgement = d.judgement, .took = d.took};
  return answer(common.json ? report_json(r) : report_text(r, style_of(STDOUT_FILENO, kPipeWidth)));
}

int report_from(const Common& common) {
  const auto began = Clock::now();
  auto all = facts_from(common.from);
  if (!all) return 1;
  if (all->size() > 1) {
    const auto c = compare(std::move(*all), common.from.interval, offer_no_more);
    return answer(common.json
                      ? render::comparison_json(c, since(began))
                      : render::comparison_text(c, since(began), style_of(STDOUT_FILENO, kPipeWidth)));
  }
  auto d = diagnose_offline(std::move(all->front()));
  d.took = since(began);
  return print(common, d);
}

}  // namespace

int report(const Common& common) {
  if (!common.from.files.empty()) return report_from(common);
  live::Live source(common.live);
  const auto d = diagnose_live(source);
  tell_ways(common, source);
  const int status = print(common, d);
  return whywait::status(d.facts, d.judgement) == Status::Unknown ? 1 : status;
}

}  // namespace whywait::cli
