#include "cli/commands.h"
#include "cli/output.h"
#include "cli/this_machine.h"
#include "render/printable.h"

#include <memory>

namespace whywait::cli {

std::optional<session::Diagnosis> diagnose(const Common& common, const session::Wants& wants) {
  const auto& from = common.from;
  const auto source = from.files.empty() ? this_machine(common.live)
                                         : std::make_unique<File>(from.files.front(), from.options);
  auto out = session::ask(*source, wants);
  if (!out) {
    complain(out.error());
    return std::nullopt;
  }
  if (common.verbose) {
    for (const auto& line : out->notes) complain(render::printable(line));
  }
  return std::move(*out);
}

int status_of(const session::Diagnosis& diagnosis, int written) {
  const bool is_live = diagnosis.facts.file.empty();
  return is_live && status(diagnosis.facts, diagnosis.judgement) == Status::Unknown ? 1 : written;
}

}  // namespace whywait::cli
