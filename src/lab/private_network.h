// A private network: a network namespace without a name that has only a loopback interface.
#pragma once

namespace whywait::lab {

// Moves the calling process, which must have only one thread, out of the host's network for good. If it lacks
// the right to do so, it makes a user namespace as well. Throws std::runtime_error with advice if the system
// refuses.
void enter_private_network();

}  // namespace whywait::lab
