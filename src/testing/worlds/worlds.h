// The literal worlds, one function and file for each cause and two (sampled, healthy) that concern no single
// cause, and the definitions that they share.
#pragma once

#include "testing/world.h"
#include "testing/worlds.h"

#include <array>

namespace whywait::testing::worlds {

std::vector<NamedWorld> not_accepted();
std::vector<NamedWorld> not_read();
std::vector<NamedWorld> not_closed();
std::vector<NamedWorld> held_elsewhere();
std::vector<NamedWorld> idle_pool();
std::vector<NamedWorld> half_close();
std::vector<NamedWorld> relay_waiting();
std::vector<NamedWorld> blocked_writer();
std::vector<NamedWorld> request_unread();
std::vector<NamedWorld> dead_descriptor();
std::vector<NamedWorld> orphan_fin_wait();
std::vector<NamedWorld> peer_not_closed();
std::vector<NamedWorld> sampled();
std::vector<NamedWorld> healthy();

inline constexpr std::array kParts = {not_accepted,   not_read,        not_closed,      held_elsewhere,
                                      idle_pool,      half_close,      relay_waiting,   blocked_writer,
                                      request_unread, dead_descriptor, orphan_fin_wait, peer_not_closed,
                                      sampled,        healthy};

inline constexpr World::Doing kIdle{};
inline constexpr World::Doing kStopped{.state = RunState::Stopped, .call = Call::Epoll};
inline constexpr World::Doing kTraced{.state = RunState::Traced, .call = Call::Epoll};
inline constexpr World::Doing kInDisk{.state = RunState::Uninterruptible, .call = Call::Other};
inline constexpr World::Doing kComputing{
    .state = RunState::Running, .call = Call::None, .ran = std::chrono::milliseconds(199)};
inline constexpr World::Doing kReading{.state = RunState::Sleeping, .call = Call::Receive};
inline constexpr World::Doing kPooled{.state = RunState::Sleeping, .call = Call::Futex};
inline constexpr World::Doing kSupervising{.state = RunState::Sleeping, .call = Call::WaitSignal};
inline constexpr World::Doing kUnderStrace{
    .state = RunState::Traced, .call = Call::Epoll, .ran = std::chrono::milliseconds(5)};

inline constexpr int kServer = 100;
inline constexpr Expected kNothing{};
constexpr Expected fault(Cause cause) { return {.fault = cause}; }
constexpr Expected undecided(Cause cause) { return {.fault = {}, .undecided = cause}; }
constexpr Expected normal(Cause cause) { return {.fault = {}, .undecided = {}, .normal = cause}; }

inline World server(const std::vector<World::Doing>& threads, uint32_t queued = 0) {
  World w;
  w.process(kServer, "server", threads).listener(8080, {kServer}, queued);
  return w;
}

}  // namespace whywait::testing::worlds
