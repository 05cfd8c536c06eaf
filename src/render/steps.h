// The next steps for a person, the least harmful first.
#pragma once

#include "diagnose/diagnose.h"

#include <string>
#include <vector>

namespace whywait::render {

struct Step {
  std::string command;    // empty for advice without a command
  std::string note;       // why; never a part of the command
  std::string_view id{};  // in the JSON of a finding: "capture-stacks"
};
std::vector<Step> steps(const Verdict& verdict, const Facts& facts);

// If the facts come from a file: adds --from to a whywait command, and says of any other command on which
// host to run it. steps() has done so already.
Step of_file(Step step, const Facts& facts);

}  // namespace whywait::render
