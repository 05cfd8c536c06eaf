#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {

std::vector<NamedWorld> relay_waiting() {
  const auto cause = Cause::RelayWaiting;
  const World::ConnectionGroup pile{.count = 20, .pids = {kServer}, .recv_q = 0};
  const auto with = [&](auto change) {
    auto changed = pile;
    change(changed);
    return changed;
  };
  return {
      {"a relay whose backend does not close",
       server({kIdle}).half_closed(kServer, 20).close_wait(pile).facts(), fault(cause)},
      {"a relay whose client waits",
       server({kIdle})
           .half_closed(kServer, 20)
           .with_details()
           .close_wait(with([](auto& p) { p.peer = PeerEnd::Open; }))
           .facts(),
       normal(Cause::HalfClose)},
      {"a relay, and a client elsewhere",
       server({kIdle})
           .half_closed(kServer, 20)
           .close_wait(with([](auto& p) { p.peer = PeerEnd::Unseen; }))
           .facts(),
       undecided(Cause::NotClosed)},
      {"a relay, five seconds",
       server({kIdle})
           .half_closed(kServer, 20)
           .close_wait(with([](auto& p) {
             p.age = {5s, 5s};
           }))
           .facts(),
       kNothing},
  };
}

}  // namespace whywait::testing::worlds
