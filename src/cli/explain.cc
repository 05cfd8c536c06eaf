#include "render/explain.h"

#include "cli/commands.h"
#include "cli/output.h"
#include "render/page_text.h"

#include <fmt/format.h>
#include <unistd.h>

namespace whywait::cli {

int explain(const Common& common, const std::string& word) {
  const auto style = style_of(STDOUT_FILENO, kPipeWidth);
  if (word.empty())
    return answer(common.format == render::Format::Json ? render::explainable_json()
                                                        : text_of(render::explainable_page(), style));
  const auto known = render::parse_word(word);
  if (!known) {
    complain(fmt::format("no state and no cause is called '{}'. These are:\n{}", render::printable(word),
                         text_of(render::explainable_page(), style_of(STDERR_FILENO, kPipeWidth))));
    return 2;
  }
  return answer(common.format == render::Format::Json ? render::explain_json(*known)
                                                      : text_of(render::explain_page(*known), style));
}

}  // namespace whywait::cli
