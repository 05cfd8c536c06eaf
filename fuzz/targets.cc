#include "targets.h"

#include "sources/pasted/parser.h"

namespace whywait::fuzz {

std::vector<Target> all_targets() {
  std::vector<Target> all = {{"saved", saved}, {"lines", lines}, {"dump", dump}};
  for (const auto& format : pasted::all_formats()) {
    const std::string id(format.id);
    all.push_back({id, [id](std::string_view bytes) { dump_of_format(id, bytes); }});
  }
  return all;
}

}  // namespace whywait::fuzz
