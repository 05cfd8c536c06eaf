#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {

std::vector<NamedWorld> dead_descriptor() {
  const auto cause = Cause::DeadDescriptor;
  const World::ConnectionGroup pile{
      .state = State::Closed, .count = 50, .pids = {kServer}, .recv_q = 0, .watched = false};
  const auto with = [&](auto change) {
    auto changed = pile;
    change(changed);
    return changed;
  };
  return {
      {"descriptors of the dead", server({kIdle}).with_details().close_wait(pile).facts(), fault(cause)},
      {"dead, and watched",
       server({kIdle}).with_details().close_wait(with([](auto& p) { p.watched = true; })).facts(), kNothing},
      {"two dead", server({kIdle}).with_details().close_wait(with([](auto& p) { p.count = 2; })).facts(),
       kNothing},
      {"dead in a client's pool",
       server({kIdle}).with_details().close_wait(with([](auto& p) { p.client = true; })).facts(), kNothing},
  };
}

}  // namespace whywait::testing::worlds
