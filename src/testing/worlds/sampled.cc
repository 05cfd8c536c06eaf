#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {
namespace {

// More connections than are looked at again, of which one moves, as the first or as the last of them, or
// none.
Facts twelve_hundred(uint32_t moved_first, uint32_t moved_last) {
  auto w = server({kIdle});
  if (moved_first > 0) w.close_wait({.count = moved_first, .pids = {kServer}, .moved = true});
  w.close_wait({.count = 1200 - moved_first - moved_last, .pids = {kServer}});
  if (moved_last > 0) w.close_wait({.count = moved_last, .pids = {kServer}, .moved = true});
  return w.facts();
}

}  // namespace

std::vector<NamedWorld> sampled() {
  auto queue = server({kStopped}, 600);
  return {
      {"twelve hundred", twelve_hundred(0, 0), fault(Cause::NotRead)},
      {"twelve hundred, the first moved", twelve_hundred(1, 0), fault(Cause::NotRead)},
      {"twelve hundred, the last moved", twelve_hundred(0, 1), fault(Cause::NotRead)},
      {"twelve hundred, all moved", twelve_hundred(1200, 0), kNothing},
      {"six hundred in a queue", queue.close_wait({.count = 600, .age = {3s, 3s}}).facts(),
       fault(Cause::NotAccepted)},
  };
}

}  // namespace whywait::testing::worlds
