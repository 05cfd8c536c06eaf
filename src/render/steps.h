// What to do next, in words: the least harmful step first.
#pragma once

#include "diagnose/diagnose.h"

#include <string>
#include <vector>

namespace whywait::render {

struct Step {
  std::string command;    // empty where it is advice only
  std::string note;       // why; never a part of the command
  std::string_view id{};  // in the JSON of a finding: "capture-stacks"
};
std::vector<Step> steps(const Verdict& verdict, const Facts& facts);

// Where the facts are of a file: a command of ours reads it again, and every other is for the host that it is
// of. steps() are so already.
Step of_file(Step step, const Facts& facts);

}  // namespace whywait::render
