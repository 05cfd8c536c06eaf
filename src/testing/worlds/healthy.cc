#include "testing/worlds/worlds.h"

namespace whywait::testing::worlds {

std::vector<NamedWorld> healthy() {
  World strace;
  strace.process(kServer, "client", {kUnderStrace});
  return {
      {"nothing at all", World().facts(), kNothing},
      {"a listener only", server({kIdle}).facts(), kNothing},
      {"a few young ones",
       server({kComputing}).close_wait({.count = 3, .pids = {kServer}, .age = {900ms, 950ms}}).facts(),
       kNothing},
      {"a young pile of a thousand",
       server({kIdle}).close_wait({.count = 1000, .pids = {kServer}, .age = {500ms, 1500ms}}).facts(),
       kNothing},
      {"a pool under strace",
       strace.close_wait({.count = 6, .client = true, .pids = {kServer}, .age = {5s, 5s}}).facts(), kNothing},
  };
}

}  // namespace whywait::testing::worlds
