// The command line: arguments in, exit status out.
#pragma once

namespace whywait::cli {

// 0 done, 1 failed, 2 usage.
int run(int argc, char** argv);

}  // namespace whywait::cli
