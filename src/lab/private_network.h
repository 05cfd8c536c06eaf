// A network of one's own: an anonymous namespace with nothing but a loopback interface.
#pragma once

namespace whywait::lab {

// Moves the calling process, which must have one thread, out of the host's network for good. Makes a user
// namespace as well where the right to do so is lacking. Throws std::runtime_error, saying what to do, where
// the system refuses.
void enter_private_network();

}  // namespace whywait::lab
