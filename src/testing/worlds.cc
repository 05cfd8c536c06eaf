#include "testing/worlds.h"

#include "testing/worlds/worlds.h"

#include <array>

namespace whywait::testing {
namespace {

constexpr std::array kParts = {
    worlds::not_accepted,   worlds::not_read,        worlds::not_closed,      worlds::held_elsewhere,
    worlds::idle_pool,      worlds::half_close,      worlds::relay_waiting,   worlds::blocked_writer,
    worlds::request_unread, worlds::dead_descriptor, worlds::orphan_fin_wait, worlds::sampled,
    worlds::healthy,
};

}  // namespace

const std::vector<NamedWorld>& all_worlds() {
  static const std::vector<NamedWorld> all = [] {
    std::vector<NamedWorld> out;
    for (const auto part : kParts) {
      const auto worlds = part();
      out.insert(out.end(), worlds.begin(), worlds.end());
    }
    return out;
  }();
  return all;
}

}  // namespace whywait::testing
