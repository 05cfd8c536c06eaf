#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {
namespace {

constexpr int kClient = 101;

// A dump has one look, and no clocks.
Facts in_a_dump(const World& world, TimerKind timer) {
  auto facts = world.facts();
  facts.dump = DumpLines{.rows = facts.table.connections.size()};
  facts.second = {};
  for (uint32_t row = 0; row < facts.table.connections.size(); ++row) {
    auto& c = facts.table.connections[row];
    c.forget(Connection::kFields - 1);
    c.set_timer({.kind = timer});
    facts.second.add(row, tl::unexpected(Missing::NotOffered));
  }
  return facts;
}

}  // namespace

std::vector<NamedWorld> peer_not_closed() {
  const auto cause = Cause::PeerNotClosed;
  const World::ConnectionGroup held{
      .state = State::FinWait2, .count = 45, .pids = {kServer}, .recv_q = 0, .age = {20s, 20s}};
  const auto with = [&](auto change) {
    auto changed = held;
    change(changed);
    return changed;
  };
  const auto here = [](auto& p) {
    p.peer = PeerEnd::Open;
    p.peer_pids = {kClient};
  };
  const auto elsewhere = [](Milliseconds age) {
    return [age](auto& p) {
      p.peer = PeerEnd::Unseen;
      p.age = {age, age};
      p.sent_ago = age;
    };
  };
  const auto at_server = [&](const World::ConnectionGroup& group) {
    return server({kIdle}).process(kClient, "client").close_wait(group);
  };
  const auto at_client = [&](World::ConnectionGroup group) {
    group.client = true;
    group.pids = {kClient};
    World w;
    return w.process(kClient, "client").close_wait(group);
  };
  return {
      {"the clients here are stopped",
       server({kIdle})
           .process(kClient, "client", {kStopped})
           .close_wait(with([&](auto& p) {
             here(p);
             p.peer_recv_q = 1;
           }))
           .facts(),
       {.fault = cause, .undecided = {}, .normal = {}, .fault_of_peer = Cause::NotRead}},
      {"clients elsewhere, silent for a minute", at_server(with(elsewhere(60s))).facts(), fault(cause)},
      {"clients elsewhere, in a lingering close", at_server(with(elsewhere(20s))).facts(), undecided(cause)},
      {"just closed", at_server(with(elsewhere(2s))).facts(), kNothing},
      {"a server elsewhere may be making the answer", at_client(with(elsewhere(60s))).facts(),
       undecided(cause)},
      {"a server elsewhere, silent for ten minutes", at_client(with(elsewhere(600s))).facts(), fault(cause)},
      {"a dump with owner and no timer", in_a_dump(at_server(with(elsewhere(20s))), TimerKind::None),
       fault(cause)},
      {"a dump with owner and another timer",
       in_a_dump(at_server(with(elsewhere(20s))), TimerKind::KeepAlive), undecided(cause)},
      {"a client here that keeps what it has read",
       at_server(with(here)).facts(),
       {.fault = cause, .undecided = Cause::NotClosed, .normal = {}, .fault_of_peer = {}}},
  };
}

}  // namespace whywait::testing::worlds
