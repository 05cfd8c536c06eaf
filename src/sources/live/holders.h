// Reads which processes hold which sockets from the descriptors of all processes.
#pragma once

#include "core/facts.h"

namespace whywait::live {

// Returns every descriptor that refers to a socket, of every readable process.
Answer<HolderTable> read_holders();

}  // namespace whywait::live
