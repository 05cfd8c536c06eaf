// Running the real binary, as a person or a script would.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace whywait::testing {

struct Result {
  int status = -1;  // exit status, or 128 + the signal that ended it
  std::string out;
  std::string err;
};

struct How {
  std::vector<std::string> environment;      // NAME=VALUE, besides what the test has
  std::optional<unsigned> terminal_columns;  // stdout and stderr are a terminal of this width
  std::optional<std::string> stdout_file;    // stdout goes there instead of to `out`
  bool stdout_closed_early = false;          // the reader of stdout goes away before a byte is written
  bool as_nobody = false;                    // as an ordinary user; needs root
  std::function<void()> before;              // in the child process, first of all
};

// Bounded: a run that takes longer than a minute is killed.
Result whywait(const std::vector<std::string>& arguments, const How& how = {});

}  // namespace whywait::testing
