#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {

std::vector<NamedWorld> request_unread() {
  const auto cause = Cause::RequestUnread;
  const World::ConnectionGroup pile{
      .state = State::Established, .count = 20, .pids = {kServer}, .recv_q = 90, .peer = PeerEnd::Open};
  const auto with = [&](auto change) {
    auto changed = pile;
    change(changed);
    return changed;
  };
  const auto queued = [](auto& p) { p.pids = {}; };
  return {
      {"requests of a stopped server", server({kStopped}).close_wait(pile).facts(), fault(cause)},
      {"requests in the queue", server({kIdle}, 20).close_wait(with(queued)).facts(), fault(cause)},
      {"requests in the queue, a second",
       server({kIdle}, 20)
           .close_wait(with([](auto& p) {
             p.pids = {};
             p.age = {1s, 1s};
           }))
           .facts(),
       kNothing},
      {"requests that nobody watches",
       server({kIdle}).with_details().close_wait(with([](auto& p) { p.watched = false; })).facts(),
       fault(cause)},
      {"requests, and who watches is not told", server({kIdle}).close_wait(pile).facts(), undecided(cause)},
      {"requests that are watched, in their turn", server({kIdle}).with_details().close_wait(pile).facts(),
       kNothing},
      {"events that are not fetched",
       server({{.call = Call::Sleep}})
           .with_details()
           .close_wait(with([](auto& p) { p.pending = true; }))
           .facts(),
       fault(cause)},
      {"one request for each worker",
       server(std::vector<World::Doing>(20, kReading)).with_details().close_wait(pile).facts(), kNothing},
      {"a consumer that is slow",
       server({kIdle})
           .with_details()
           .close_wait(with([](auto& p) {
             p.client = true;
             p.watched = false;
           }))
           .facts(),
       kNothing},
  };
}

}  // namespace whywait::testing::worlds
