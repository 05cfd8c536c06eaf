// Running the real binary, as a person or a script would.
#pragma once

#include <cstdint>
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

std::vector<std::string> lines_of(const std::string& text);  // also of a terminal

// In a child process of the test, for How::before: ends it where it cannot be had.
int listen_on(uint16_t port);  // of 127.0.0.1

// A listener on port 7777 of a namespace of its own, held by a process of this name.
How beside_listener(const std::string& name);

bool has_private_network();
#define NEEDS_PRIVATE_NETWORK() \
  if (!has_private_network()) GTEST_SKIP() << "no right to make a network namespace here"

}  // namespace whywait::testing
