#include "testing/worlds.h"

#include "testing/world.h"

namespace whywait::testing {
namespace {

constexpr World::Doing kIdle{};
constexpr World::Doing kStopped{.state = RunState::Stopped, .call = Call::Epoll};
constexpr World::Doing kTraced{.state = RunState::Traced, .call = Call::Epoll};
constexpr World::Doing kInDisk{.state = RunState::Uninterruptible, .call = Call::Other};
constexpr World::Doing kComputing{
    .state = RunState::Running, .call = Call::None, .ran = std::chrono::milliseconds(199)};
constexpr World::Doing kReading{.state = RunState::Sleeping, .call = Call::Receive};
constexpr World::Doing kPooled{.state = RunState::Sleeping, .call = Call::Futex};
constexpr World::Doing kSupervising{.state = RunState::Sleeping, .call = Call::WaitSignal};

constexpr World::Doing kUnderStrace{
    .state = RunState::Traced, .call = Call::Epoll, .ran = std::chrono::milliseconds(5)};

constexpr int kServer = 100;
constexpr Expected kNothing{};
constexpr Expected fault(Cause cause) { return {.fault = cause}; }
constexpr Expected undecided(Cause cause) { return {.fault = {}, .undecided = cause}; }
constexpr Expected normal(Cause cause) { return {.fault = {}, .undecided = {}, .normal = cause}; }

World server(const std::vector<World::Doing>& threads, uint32_t queued = 0) {
  World w;
  w.process(kServer, "server", threads).listener(8080, {kServer}, queued);
  return w;
}

Facts frozen_server() {
  auto w = server({kIdle}, 5);
  w.edit(kServer).frozen = true;
  return w.close_wait({.count = 5, .age = {3s, 3s}}).facts();
}

std::vector<NamedWorld> not_accepted_worlds() {
  const auto cause = Cause::NotAccepted;
  World workers;
  workers.process(kServer, "master", {kSupervising})
      .process(101, "worker", {kStopped})
      .listener(8080, {kServer, 101}, 4);
  return {
      {"stopped, three seconds",
       server({kStopped}, 20).close_wait({.count = 20, .recv_q = 200, .age = {3s, 3s}}).facts(),
       fault(cause)},
      {"stopped, one second",
       server({kStopped}, 20).close_wait({.count = 20, .recv_q = 200, .age = {1s, 1s}}).facts(), kNothing},
      {"traced", server({kTraced}, 4).close_wait({.count = 4, .age = {3s, 3s}}).facts(), fault(cause)},
      {"frozen looks asleep", frozen_server(), fault(cause)},
      {"hangs in the kernel", server({kInDisk}, 4).close_wait({.count = 4, .age = {3s, 3s}}).facts(),
       fault(cause)},
      {"computes for ever", server({kComputing}, 4).close_wait({.count = 4, .age = {20s, 20s}}).facts(),
       fault(cause)},
      {"computes for three seconds",
       server({kComputing}, 4).close_wait({.count = 4, .age = {3s, 3s}}).facts(), kNothing},
      {"queue is drained between the looks",
       server({kReading}, 2).close_wait({.count = 2, .age = {20s, 20s}, .moved = true}).facts(), kNothing},
      {"worker stopped, master waits for signals", workers.close_wait({.count = 4, .age = {3s, 3s}}).facts(),
       fault(cause)},
      {"age not known exactly", server({kIdle}, 4).close_wait({.count = 4, .age = {1s, 60s}}).facts(),
       undecided(cause)},
  };
}

std::vector<NamedWorld> not_read_worlds() {
  const auto cause = Cause::NotRead;
  World client;
  client.process(kServer, "client", {kIdle});
  World stopped_client;
  stopped_client.process(kServer, "client", {kStopped});
  World backends;
  backends.process(1, "postgres", {kIdle}).listener(5432, {1});
  for (int pid = 10; pid < 14; ++pid)
    backends.process(pid, "postgres", {kIdle}).close_wait({.port = 5432, .pids = {pid}});
  return {
      {"stopped worker",
       server({kStopped}).close_wait({.count = 60, .pids = {kServer}, .age = {3s, 3s}}).facts(),
       fault(cause)},
      {"deregistered, loop idle", server({kIdle}).close_wait({.count = 20, .pids = {kServer}}).facts(),
       fault(cause)},
      {"loop idle, but five seconds only",
       server({kIdle}).close_wait({.count = 20, .pids = {kServer}, .age = {5s, 5s}}).facts(), kNothing},
      {"computes for ever, many wait",
       server({kComputing}).close_wait({.count = 30, .pids = {kServer}}).facts(), fault(cause)},
      {"one worker, one request", server({kComputing}).close_wait({.count = 1, .pids = {kServer}}).facts(),
       undecided(cause)},
      {"four workers, four requests",
       server({kReading, kReading, kReading, kReading, kPooled})
           .close_wait({.count = 4, .pids = {kServer}})
           .facts(),
       undecided(cause)},
      {"read between the looks",
       server({kIdle}).close_wait({.count = 20, .pids = {kServer}, .moved = true}).facts(), kNothing},
      {"a client's pool",
       client.close_wait({.count = 40, .client = true, .pids = {kServer}, .peer = PeerEnd::Unseen}).facts(),
       undecided(cause)},
      {"a client that is stopped",
       stopped_client.close_wait({.count = 40, .client = true, .pids = {kServer}}).facts(), fault(cause)},
      {"one connection in each of four processes", backends.facts(), fault(cause)},
      {"two processes share it",
       server({kIdle}).process(101, "child").close_wait({.count = 20, .pids = {kServer, 101}}).facts(),
       undecided(cause)},
  };
}

std::vector<NamedWorld> not_closed_worlds() {
  const auto cause = Cause::NotClosed;
  const World::Pile leak{.count = 50, .pids = {kServer}, .recv_q = 0};
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
  };
}

World forked_pool(std::optional<int> parent) {
  auto w = server({kIdle});
  for (int pid : {101, 102}) {
    w.process(pid, "worker", {kPooled});
    if (parent) w.edit(pid).parent = Pid{*parent};
  }
  w.edit(kServer).parent = Pid{1};
  return w;
}

std::vector<NamedWorld> held_elsewhere_worlds() {
  const auto cause = Cause::HeldElsewhere;
  const World::Pile pile{.count = 35, .pids = {101, 102}, .recv_q = 0};
  const auto with = [&](auto change) {
    auto changed = pile;
    change(changed);
    return changed;
  };
  return {
      {"children hold what their parent has closed", forked_pool(kServer).close_wait(pile).facts(),
       fault(cause)},
      {"children hold it unread",
       forked_pool(kServer).close_wait(with([](auto& p) { p.recv_q = 1; })).facts(), fault(cause)},
      {"children of somebody else", forked_pool(1).close_wait(pile).facts(), undecided(Cause::NotClosed)},
      {"children of whom is not known", forked_pool({}).close_wait(pile).facts(),
       undecided(Cause::NotClosed)},
      {"the parent holds them too",
       forked_pool(kServer)
           .close_wait(with([](auto& p) {
             p.pids = {kServer, 101, 102};
           }))
           .facts(),
       fault(Cause::NotClosed)},
      {"children, five seconds",
       forked_pool(kServer)
           .close_wait(with([](auto& p) {
             p.age = {5s, 5s};
           }))
           .facts(),
       kNothing},
      {"each worker accepts for itself",
       forked_pool(kServer).close_wait(with([](auto& p) { p.pids = {101}; })).facts(),
       fault(Cause::NotClosed)},
  };
}

std::vector<NamedWorld> idle_pool_worlds() {
  const auto cause = Cause::IdlePool;
  const World::Pile pool{
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

std::vector<NamedWorld> half_close_worlds() {
  const auto cause = Cause::HalfClose;
  const World::Pile open{.count = 5, .pids = {kServer}, .recv_q = 0, .peer = PeerEnd::Open};
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
  };
}

std::vector<NamedWorld> relay_worlds() {
  const auto cause = Cause::RelayWaiting;
  const World::Pile pile{.count = 20, .pids = {kServer}, .recv_q = 0};
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

std::vector<NamedWorld> blocked_writer_worlds() {
  const auto cause = Cause::BlockedWriter;
  const World::Pile pile{.count = 20,
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

std::vector<NamedWorld> request_unread_worlds() {
  const auto cause = Cause::RequestUnread;
  const World::Pile pile{
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

std::vector<NamedWorld> dead_descriptor_worlds() {
  const auto cause = Cause::DeadDescriptor;
  const World::Pile pile{
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

// One of four workers with SO_REUSEPORT is stopped; only its queue fills.
Facts one_of_four_stopped() {
  World w;
  for (int pid = 101; pid < 105; ++pid) {
    const bool stopped = pid == 103;
    w.process(pid, "worker", {stopped ? kStopped : kIdle}).listener(8080, {pid}, stopped ? 9 : 0, 8);
  }
  return w.close_wait({.count = 9, .age = {3s, 3s}}).facts();
}

Facts socket_activated() {
  World w;
  w.process(1, "systemd", {kIdle}).process(kServer, "cupsd", {kStopped}).listener(8080, {1, kServer}, 4);
  return w.close_wait({.count = 4, .age = {3s, 3s}}).facts();
}

// One client that still waits for its answer must not hide the leak.
Facts one_open_among_many() {
  auto w = server({kIdle});
  w.close_wait({.count = 50, .pids = {kServer}, .recv_q = 0});
  return w.close_wait({.count = 1, .pids = {kServer}, .recv_q = 0, .peer = PeerEnd::Open}).facts();
}

// More connections than are looked at again, of which one moves, as the first or as the last of them, or
// none.
Facts twelve_hundred(uint32_t moved_first, uint32_t moved_last) {
  auto w = server({kIdle});
  if (moved_first > 0) w.close_wait({.count = moved_first, .pids = {kServer}, .moved = true});
  w.close_wait({.count = 1200 - moved_first - moved_last, .pids = {kServer}});
  if (moved_last > 0) w.close_wait({.count = moved_last, .pids = {kServer}, .moved = true});
  return w.facts();
}

std::vector<NamedWorld> sampled_worlds() {
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

std::vector<NamedWorld> special_worlds() {
  World strace;
  strace.process(kServer, "client", {kUnderStrace});
  return {
      {"one of four queues", one_of_four_stopped(), fault(Cause::NotAccepted)},
      {"socket activation", socket_activated(), fault(Cause::NotAccepted)},
      {"one open among many",
       one_open_among_many(),
       {.fault = Cause::NotClosed, .undecided = Cause::NotClosed}},
      {"a pool under strace",
       strace.close_wait({.count = 6, .client = true, .pids = {kServer}, .age = {5s, 5s}}).facts(), kNothing},
      {"unread, the peer takes no data",
       server({kIdle})
           .close_wait({.count = 9, .pids = {kServer}, .peer = PeerEnd::Open, .send_q = 9000})
           .facts(),
       undecided(Cause::NotRead)},
      {"read, the peer takes no data",
       server({kIdle}).close_wait({.count = 9, .pids = {kServer}, .recv_q = 0, .send_q = 9000}).facts(),
       undecided(Cause::NotClosed)},
      {"the listener is closed",
       server({kIdle}).close_wait({.count = 12, .pids = {kServer}}).stop_listening().facts(),
       fault(Cause::NotRead)},
  };
}

std::vector<NamedWorld> healthy_worlds() {
  return {
      {"nothing at all", World().facts(), kNothing},
      {"a listener only", server({kIdle}).facts(), kNothing},
      {"a few young ones",
       server({kComputing}).close_wait({.count = 3, .pids = {kServer}, .age = {900ms, 950ms}}).facts(),
       kNothing},
      {"a young pile of a thousand",
       server({kIdle}).close_wait({.count = 1000, .pids = {kServer}, .age = {500ms, 1500ms}}).facts(),
       kNothing},
  };
}

}  // namespace

const std::vector<NamedWorld>& all_worlds() {
  static const std::vector<NamedWorld> worlds = [] {
    std::vector<NamedWorld> all;
    for (auto&& part : {not_accepted_worlds(), not_read_worlds(), not_closed_worlds(), special_worlds(),
                        held_elsewhere_worlds(), idle_pool_worlds(), half_close_worlds(), relay_worlds(),
                        blocked_writer_worlds(), request_unread_worlds(), dead_descriptor_worlds(),
                        sampled_worlds(), healthy_worlds()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return worlds;
}

}  // namespace whywait::testing
