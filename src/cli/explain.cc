#include "render/explain.h"

#include "cli/commands.h"
#include "cli/output.h"

#include <fmt/format.h>
#include <unistd.h>

namespace whywait::cli {

int explain(const Common& common, const std::string& word) {
  const auto style = style_of(STDOUT_FILENO, kPipeWidth);
  if (word.empty()) return answer(common.json ? render::explainable_json() : render::explainable(style));
  const auto known = render::parse_word(word);
  if (!known) {
    complain(fmt::format("no state and no cause is called '{}'. These are:\n{}", render::printable(word),
                         render::explainable(style_of(STDERR_FILENO, kPipeWidth))));
    return 2;
  }
  return answer(common.json ? render::explain_json(*known) : render::explain_text(*known, style));
}

}  // namespace whywait::cli
