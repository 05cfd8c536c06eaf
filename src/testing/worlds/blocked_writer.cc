#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {

std::vector<NamedWorld> blocked_writer() {
  const auto cause = Cause::BlockedWriter;
  const World::ConnectionGroup pile{.count = 20,
                                    .pids = {kServer},
                                    .peer = PeerEnd::Open,
                                    .send_q = 2000000,
                                    .bytes_sent = 60000,
                                    .window = 0};
  const auto with = [&](auto change) {
    auto changed = pile;
    change(changed);
    return changed;
  };
  const std::vector<World::Doing> senders(20, {.call = Call::Send});
  return {
      {"the peers read nothing", server(senders).close_wait(pile).facts(), fault(cause)},
      {"the window was shut a second ago",
       server(senders).close_wait(with([](auto& p) { p.sent_ago = 1s; })).facts(), normal(Cause::HalfClose)},
      {"threads hang in send() although nobody has closed",
       server(senders).close_wait(with([](auto& p) { p.state = State::Established; })).facts(), fault(cause)},
      {"a loop with paused downloads",
       server({kIdle}).close_wait(with([](auto& p) { p.state = State::Established; })).facts(), kNothing},
  };
}

}  // namespace whywait::testing::worlds
