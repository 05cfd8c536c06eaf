#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {
namespace {

// One client that still waits for its answer must not hide the leak.
Facts one_open_among_many() {
  auto w = server({kIdle});
  w.close_wait({.count = 50, .pids = {kServer}, .recv_q = 0});
  return w.close_wait({.count = 1, .pids = {kServer}, .recv_q = 0, .peer = PeerEnd::Open}).facts();
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): a table.
std::vector<NamedWorld> not_closed() {
  const auto cause = Cause::NotClosed;
  const World::ConnectionGroup leak{.count = 50, .pids = {kServer}, .recv_q = 0};
  const auto with = [&](auto change) {
    auto pile = leak;
    change(pile);
    return pile;
  };
  World client;
  client.process(kServer, "client", {kIdle});
  return {
      {"peers closed for good", server({kIdle}).close_wait(leak).facts(), fault(cause)},
      {"closes after five seconds",
       server({kIdle})
           .close_wait(with([](auto& p) {
             p.age = {5s, 5s};
           }))
           .facts(),
       kNothing},
      {"threads of a pool", server({kPooled, kPooled, {.call = Call::Accept}}).close_wait(leak).facts(),
       fault(cause)},
      {"a half-close on this host",
       server({kIdle}).close_wait(with([](auto& p) { p.peer = PeerEnd::Open; })).facts(), undecided(cause)},
      {"data since the FIN",
       server({kIdle})
           .close_wait(with([](auto& p) {
             p.peer = PeerEnd::Unseen;
             p.bytes_sent = 500;
             p.sent_ago = 3s;
           }))
           .facts(),
       normal(Cause::HalfClose)},
      {"an answer flows between the looks",
       server({kIdle})
           .close_wait(with([](auto& p) {
             p.moved = true;
             p.peer = PeerEnd::Open;
           }))
           .facts(),
       kNothing},
      {"as many other legs", server({kIdle}).other_sockets(kServer, 50).close_wait(leak).facts(),
       undecided(cause)},
      {"peers on other hosts, twenty seconds",
       server({kIdle}).close_wait(with([](auto& p) { p.peer = PeerEnd::Unseen; })).facts(), undecided(cause)},
      {"peers on other hosts, ten minutes",
       server({kIdle})
           .close_wait(with([](auto& p) {
             p.peer = PeerEnd::Unseen;
             p.age = {600s, 601s};
             p.sent_ago = 700s;
           }))
           .facts(),
       fault(cause)},
      {"a forked child holds them too",
       server({kIdle})
           .process(101, "child")
           .close_wait(with([](auto& p) {
             p.pids = {kServer, 101};
           }))
           .facts(),
       undecided(cause)},
      {"a client",
       client
           .close_wait(with([](auto& p) {
             p.client = true;
             p.peer = PeerEnd::Unseen;
             p.age = {600s, 600s};
           }))
           .facts(),
       undecided(cause)},
      {"workers are at work for them",
       server({kReading, kReading}).close_wait(with([](auto& p) { p.count = 2; })).facts(), undecided(cause)},
      {"stopped after it had read",
       server({kStopped}).close_wait(with([](auto& p) { p.peer = PeerEnd::Open; })).facts(), fault(cause)},
      {"one open among many", one_open_among_many(), {.fault = cause, .undecided = cause}},
      {"read, the peer takes no data",
       server({kIdle}).close_wait({.count = 9, .pids = {kServer}, .recv_q = 0, .send_q = 9000}).facts(),
       undecided(cause)},
  };
}

}  // namespace whywait::testing::worlds
