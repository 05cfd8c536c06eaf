#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {

std::vector<NamedWorld> orphan_fin_wait() {
  const auto cause = Cause::OrphanFinWait;
  const World::ConnectionGroup orphans{
      .state = State::FinWait2, .count = 40, .recv_q = 0, .peer = PeerEnd::Unseen};
  auto clients = orphans;
  clients.peer = PeerEnd::Open;
  clients.peer_pids = {101};
  clients.peer_recv_q = 1;
  const auto with_client = [&](const World::Doing& doing) {
    return server({kIdle}).process(101, "client", {doing}).close_wait(clients).facts();
  };
  auto mirrors = clients;
  mirrors.client = true;
  mirrors.peer_pids = {kServer};
  return {
      {"clients are slow to close", server({kIdle}).close_wait(orphans).facts(), normal(cause)},
      {"of clients whose server is stopped",
       server({kStopped}).close_wait(mirrors).facts(),
       {.fault = Cause::NotRead, .undecided = {}, .normal = cause}},
      {"clients are stopped",
       with_client(kStopped),
       {.fault = cause, .undecided = {}, .normal = {}, .fault_of_peer = Cause::NotRead}},
  };
}

}  // namespace whywait::testing::worlds
