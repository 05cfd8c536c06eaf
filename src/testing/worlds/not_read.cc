#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {

std::vector<NamedWorld> not_read() {
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
      {"unread, the peer takes no data",
       server({kIdle})
           .close_wait({.count = 9, .pids = {kServer}, .peer = PeerEnd::Open, .send_q = 9000})
           .facts(),
       undecided(cause)},
      {"the listener is closed",
       server({kIdle}).close_wait({.count = 12, .pids = {kServer}}).stop_listening().facts(), fault(cause)},
  };
}

}  // namespace whywait::testing::worlds
