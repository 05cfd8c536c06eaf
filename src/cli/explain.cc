#include "render/explain.h"

#include "cli/commands.h"
#include "cli/output.h"
#include "render/page_text.h"

#include <fmt/format.h>
#include <unistd.h>

namespace whywait::cli {

int explain(const Common& common, const std::string& word) {
  if (word.empty()) return answer(render::AllWords{}, common.format);
  const auto known = render::parse_word(word);
  if (!known) {
    complain(fmt::format("no state and no cause is called '{}'. These are:\n{}", render::printable(word),
                         text_of(render::explainable_page(), style_of(STDERR_FILENO, kPipeWidth))));
    return 2;
  }
  return answer(*known, common.format);
}

}  // namespace whywait::cli
