#include "render/report.h"

#include "cli/commands.h"
#include "cli/output.h"
#include "diagnose/dumps.h"
#include "render/comparison.h"

#include <algorithm>

#include <unistd.h>

namespace whywait::cli {
namespace {

using Clock = std::chrono::steady_clock;

int print(const Common& common, const session::Diagnosis& d) {
  const render::Report r{.facts = d.facts, .judgement = d.judgement, .took = d.took};
  return answer(common.format == render::Format::Json ? report_json(r)
                                                      : report_text(r, style_of(STDOUT_FILENO, kPipeWidth)));
}

int print(const Common& common, const Comparison& c, Milliseconds took) {
  return answer(common.format == render::Format::Json
                    ? render::comparison_json(c, took)
                    : render::comparison_text(c, took, style_of(STDOUT_FILENO, kPipeWidth)));
}

int compare_files(const Common& common) {
  const auto began = Clock::now();
  const auto& files = common.from.files;
  if (std::count(files.begin(), files.end(), "-") > 1) {
    complain("standard input can be read once: give the other dump as a file");
    return 1;
  }
  std::vector<Facts> dumps;
  for (const auto& name : files) {
    auto facts = File(name, common.from.options).begin();
    if (!facts) {
      complain(facts.error());
      return 1;
    }
    dumps.push_back(std::move(*facts));
  }
  const auto c = compare(std::move(dumps), common.from.interval, offer_no_more);
  return print(common, c, std::chrono::duration_cast<Milliseconds>(Clock::now() - began));
}

}  // namespace

int report(const Common& common) {
  if (common.from.files.size() > 1) return compare_files(common);
  const auto d = diagnose(common);
  return d ? status_of(*d, print(common, *d)) : 1;
}

}  // namespace whywait::cli
