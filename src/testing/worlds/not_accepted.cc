#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {
namespace {

Facts frozen_server() {
  auto w = server({kIdle}, 5);
  w.edit(kServer).frozen = true;
  return w.close_wait({.count = 5, .age = {3s, 3s}}).facts();
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

}  // namespace

std::vector<NamedWorld> not_accepted() {
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
      {"one of four queues", one_of_four_stopped(), fault(cause)},
      {"socket activation", socket_activated(), fault(cause)},
  };
}

}  // namespace whywait::testing::worlds
