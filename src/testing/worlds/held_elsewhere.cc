#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {
namespace {

World forked_pool(std::optional<int> parent) {
  auto w = server({kIdle});
  for (int pid : {101, 102}) {
    w.process(pid, "worker", {kPooled});
    if (parent) w.edit(pid).parent = Pid{*parent};
  }
  w.edit(kServer).parent = Pid{1};
  return w;
}

}  // namespace

std::vector<NamedWorld> held_elsewhere() {
  const auto cause = Cause::HeldElsewhere;
  const World::ConnectionGroup pile{.count = 35, .pids = {101, 102}, .recv_q = 0};
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

}  // namespace whywait::testing::worlds
