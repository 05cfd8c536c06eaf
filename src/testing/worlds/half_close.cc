#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {

// NOLINTNEXTLINE(readability-function-size): a table.
std::vector<NamedWorld> half_close() {
  const auto cause = Cause::HalfClose;
  const World::ConnectionGroup open{.count = 5, .pids = {kServer}, .recv_q = 0, .peer = PeerEnd::Open};
  const auto with = [&](auto change) {
    auto changed = open;
    change(changed);
    return changed;
  };
  const auto flows = [](auto& p) {
    p.bytes_sent = 500;
    p.sent_ago = 3s;
  };
  return {
      {"an answer flows", server({kIdle}).close_wait(with(flows)).facts(), normal(cause)},
      {"an answer flows, the end is unread",
       server({{.call = Call::Sleep},
               {.call = Call::Sleep},
               {.call = Call::Sleep},
               {.call = Call::Sleep},
               {.call = Call::Sleep}})
           .close_wait(with([](auto& p) {
             p.recv_q = 1;
             p.bytes_sent = 500;
             p.sent_ago = 3s;
           }))
           .facts(),
       normal(cause)},
      {"partners make the answers",
       server({kIdle}).other_sockets(kServer, 5).with_details().close_wait(open).facts(), normal(cause)},
      {"partners, and nobody waits",
       server({kIdle})
           .other_sockets(kServer, 5)
           .with_details()
           .close_wait(with([](auto& p) { p.peer_waits = false; }))
           .facts(),
       undecided(Cause::NotClosed)},
      {"they wait, and nobody is at work", server({kIdle}).with_details().close_wait(open).facts(),
       undecided(Cause::NotClosed)},
      {"they wait, and it is stopped", server({kStopped}).with_details().close_wait(open).facts(),
       fault(Cause::NotClosed)},
      {"the side that waits for the answer",
       server({kIdle})
           .process(101, "client")
           .close_wait({.state = State::FinWait2,
                        .count = 5,
                        .port = 8080,
                        .client = true,
                        .pids = {101},
                        .recv_q = 0,
                        .peer = PeerEnd::Open,
                        .peer_pids = {kServer},
                        .peer_flows = true})
           .facts(),
       normal(cause)},
      {"an answer that is read slowly",
       server({kIdle})
           .process(101, "client")
           .close_wait({.state = State::FinWait2,
                        .count = 5,
                        .client = true,
                        .pids = {101},
                        .recv_q = 4000,
                        .peer = PeerEnd::Unseen})
           .facts(),
       undecided(cause)},
  };
}

}  // namespace whywait::testing::worlds
