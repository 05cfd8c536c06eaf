// The command line: arguments in, exit status out.
#pragma once

namespace whywait::cli {

// Returns the exit status: 0 done, 1 failed, 2 wrong usage.
int run(int argc, char** argv);

}  // namespace whywait::cli
