// Reading the socket tables of network namespaces.
#pragma once

#include "core/facts.h"

#include <vector>

namespace whywait::live {

enum class Way : uint8_t {
  SockDiag,     // netlink, and /proc/net/tcp where that is refused
  ProcNetOnly,  // as if it were refused
};

struct Reading {
  SocketTable table;
  std::vector<Netns> whole;
  std::vector<Gap> gaps;
};

// Of every namespace that can be entered, or of the own one only.
Reading read_socket_tables(Way way, bool own_namespace_only);

}  // namespace whywait::live
