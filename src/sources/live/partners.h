// Reads which processes have the other ends of pipes and UNIX sockets, and whose file locks others wait for.
#pragma once

#include "core/answer.h"
#include "core/partners.h"

namespace whywait::live {

Answer<Partners> read_partners();

}  // namespace whywait::live
