// The lab makes faults, and harmless patterns that look like faults, from real TCP sockets in a private
// network namespace. Each has a healthy twin. People see them with `whywait lab`; the tests use them too.
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

// The process that a scenario is about, and the port of the service that it offers or uses.
struct Scene {
  Pid culprit{0};
  uint16_t port = 0;
};

// Starts the processes of a scenario on the stage and waits until the scenario has formed. Throws
// std::exception if it does not form.
using SetUp = Scene (*)(Stage&);

// A healthy pattern that one snapshot cannot tell from the fault or, for a harmless scenario, another form of
// it.
struct Lookalike {
  std::string_view what;  // one sentence
  uint32_t connections;   // how many of its connections look faulty
  SetUp set_up;
};

struct Scenario {
  Cause cause;
  bool is_harmless = false;     // `fault` describes normal behaviour that looks like a fault
  State state;                  // the state in which the fault leaves connections
  uint32_t connections;         // how many connections it leaves
  std::chrono::seconds ripens;  // how old they must be before a rule may call them faulty
  std::string_view fault;       // one sentence: what is wrong
  std::string_view control;     // one sentence: what the healthy twin does
  SetUp set_up_fault;
  SetUp set_up_control;
  std::span<const Lookalike> lookalikes;
};

enum class Variant : uint8_t { Fault, Control };

// The longest that a scenario lasts: after this its processes end by themselves. A stopped process cannot,
// but it dies with its parent.
inline constexpr std::chrono::seconds kStandsFor{120};

std::span<const Scenario> all_scenarios();

// Runs in a child process inside the private namespace; returns an exit status, 0 to 255.
using Body = std::function<int(const Scene&)>;

// Sets up one variant in a private network namespace and runs `body` there. Returns what `body` returned, or
// a message that says what failed, why, and what to do. All processes that it starts die with the calling
// thread, so call it from a thread that stays.
tl::expected<int, std::string> play(const Scenario& scenario, Variant variant, const Body& body);
tl::expected<int, std::string> play(const Lookalike& lookalike, const Body& body);

}  // namespace whywait::lab
