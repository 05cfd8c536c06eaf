// One function a scenario, each in the file of its name; all_scenarios() lists them.
#pragma once

#include "lab/lab.h"

namespace whywait::lab {

Scenario not_accepted();
Scenario not_read();
Scenario not_closed();

}  // namespace whywait::lab
