// Runs the real binary as a person or a script does.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace whywait::testing {

struct Result {
  int status = -1;  // exit status, or 128 + the number of the signal that ended it
  std::string out;
  std::string err;
};

struct How {
  std::vector<std::string> environment;      // NAME=VALUE, added to the test's own environment
  std::optional<unsigned> terminal_columns;  // stdout and stderr are a terminal of this width
  std::optional<std::string> stdout_file;    // a file that receives stdout instead of `out`
  bool stdout_closed_early = false;          // the reader of stdout closes it before whywait writes a byte
  bool as_nobody = false;                    // run as an ordinary user; the test must be root
  std::function<void()> before;              // runs first in the child process
};

// Runs whywait and waits for it. Kills it after a minute.
Result whywait(const std::vector<std::string>& arguments, const How& how = {});

std::vector<std::string> lines_of(const std::string& text);  // also accepts a terminal's line ends

// For How::before: listens in the child process of the test, and ends that process on failure.
int listen_on(uint16_t port);  // on 127.0.0.1

// Runs whywait in a network namespace of its own beside a process of this name that listens on port 7777.
How beside_listener(const std::string& name);

bool has_private_network();
#define NEEDS_PRIVATE_NETWORK() \
  if (!has_private_network()) GTEST_SKIP() << "no right to make a network namespace here"

}  // namespace whywait::testing
