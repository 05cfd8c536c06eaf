// One function for each scenario, in the file of the same name. all_scenarios() lists them.
#pragma once

#include "lab/lab.h"

#include <array>

namespace whywait::lab {

Scenario not_accepted();
Scenario not_read();
Scenario not_closed();
Scenario held_elsewhere();
Scenario idle_pool();
Scenario half_close();
Scenario relay_waiting();
Scenario blocked_writer();
Scenario request_unread();
Scenario dead_descriptor();
Scenario peer_not_closed();

inline constexpr std::array kScenarios = {not_accepted,   not_read,        not_closed,     held_elsewhere,
                                          idle_pool,      half_close,      relay_waiting,  blocked_writer,
                                          request_unread, dead_descriptor, peer_not_closed};

// Makes 5 connections in CLOSE_WAIT over which data flows.
Scene set_up_half_close(Stage& stage);

}  // namespace whywait::lab
