#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {

std::vector<NamedWorld> idle_pool() {
  const auto cause = Cause::IdlePool;
  const World::ConnectionGroup pool{
      .count = 40, .client = true, .pids = {kServer}, .peer = PeerEnd::Unseen, .bytes_sent = 154};
  const auto with = [&](auto change) {
    auto changed = pool;
    change(changed);
    return changed;
  };
  const auto client = [](World::Doing doing) {
    World w;
    return w.process(kServer, "client", {doing});
  };
  auto full = client(kIdle);
  full.edit(kServer).descriptors = Descriptors{.open = 1000, .pipes = 0, .limit = 1024};
  auto of_every_age = client(kIdle);
  of_every_age.close_wait(with([](auto& p) { p.count = 100; }));
  of_every_age.close_wait(with([](auto& p) {
    p.age = {3600s, 3600s};
    p.sent_ago = 3700s;
  }));
  return {
      {"a pool at rest", client(kIdle).close_wait(pool).facts(), normal(cause)},
      {"a pool at rest, TLS", client(kIdle).close_wait(with([](auto& p) { p.recv_q = 32; })).facts(),
       normal(cause)},
      {"a pool that sleeps", client({.call = Call::Sleep}).close_wait(pool).facts(), normal(cause)},
      {"a pool of a client that is stopped", client(kStopped).close_wait(pool).facts(),
       fault(Cause::NotRead)},
      {"an answer is unread", client(kIdle).close_wait(with([](auto& p) { p.recv_q = 900; })).facts(),
       undecided(Cause::NotRead)},
      {"a request is out",
       client(kIdle)
           .close_wait(with([](auto& p) {
             p.age = {20s, 25s};
             p.sent_ago = 22s;
           }))
           .facts(),
       undecided(Cause::NotRead)},
      {"a pool near the limit", full.close_wait(pool).facts(), undecided(Cause::NotRead)},
      {"a pool of every age", of_every_age.facts(), undecided(Cause::NotRead)},
      {"a client that was told of the end",
       client(kIdle)
           .close_wait(with([](auto& p) {
             p.recv_q = 0;
             p.age = {400s, 600s};
             p.sent_ago = 700s;
           }))
           .facts(),
       fault(Cause::NotClosed)},
  };
}

}  // namespace whywait::testing::worlds
