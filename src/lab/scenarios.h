// One function a scenario, each in the file of its name; all_scenarios() lists them.
#pragma once

#include "lab/lab.h"

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

// 5 connections in CLOSE_WAIT over which data flows.
Scene set_up_half_close(Stage& stage);

}  // namespace whywait::lab
