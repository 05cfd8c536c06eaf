// Faults, and harmless patterns that are taken for faults, made of real TCP sockets in a private network
// namespace, each with a healthy twin, to be shown and tested.
#pragma once

#include "core/cause.h"
#include "core/process.h"
#include "core/state.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace whywait::lab {

class Stage;

// The process that the scenario is about, and the port of the service that it offers or uses.
struct Scene {
  Pid culprit{0};
  uint16_t port = 0;
};

// Starts the processes of a scenario on the stage and waits until it stands; throws std::exception where it
// does not.
using SetUp = Scene (*)(Stage&);

// A healthy pattern that one snapshot cannot tell from the fault; of a harmless pattern, another form.
struct Lookalike {
  std::string_view what;  // one sentence
  uint32_t connections;   // how many look as if they were faulty
  SetUp set_up;
};

struct Scenario {
  Cause cause;
  bool is_harmless = false;     // what `fault` tells is normal, though it looks like a fault
  State state;                  // in which the fault leaves connections
  uint32_t connections;         // how many of them
  std::chrono::seconds ripens;  // how old they must be before a rule may speak of a fault
  std::string_view fault;       // one sentence: what is wrong
  std::string_view control;     // one sentence: what the healthy twin does
  SetUp set_up_fault;
  SetUp set_up_control;
  std::span<const Lookalike> lookalikes;
};

enum class Variant : uint8_t { Fault, Control };

// No scenario lasts longer: its processes end by themselves, where nobody ended them before. A stopped one
// cannot, but dies with its parent.
inline constexpr std::chrono::seconds kStandsFor{120};

std::span<const Scenario> all_scenarios();

// Runs in a child process, the stage, inside the private namespace; returns an exit status, 0 to 255.
using Body = std::function<int(const Scene&)>;

// Sets up one variant in a private network namespace and runs `body` there. Gives what `body` returned, or
// says what failed, why, and what to do. Everything that it starts dies with the calling thread, so call it
// from one that stays.
tl::expected<int, std::string> play(const Scenario& scenario, Variant variant, const Body& body);
tl::expected<int, std::string> play(const Lookalike& lookalike, const Body& body);

}  // namespace whywait::lab
