// Who holds which socket, from the descriptors of every process.
#pragma once

#include "core/facts.h"

namespace whywait::live {

// Every descriptor that refers to a socket, of every process that may be read.
Answer<HolderTable> read_holders();

}  // namespace whywait::live
