#include "testing/worlds.h"

#include "testing/worlds/worlds.h"

namespace whywait::testing {

const std::vector<NamedWorld>& all_worlds() {
  static const std::vector<NamedWorld> all = [] {
    std::vector<NamedWorld> out;
    for (const auto part : worlds::kParts) {
      const auto worlds = part();
      out.insert(out.end(), worlds.begin(), worlds.end());
    }
    return out;
  }();
  return all;
}

}  // namespace whywait::testing
