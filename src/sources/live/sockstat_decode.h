// /proc/net/sockstat and sockstat6 (net/ipv4/proc.c): how many sockets a network namespace has, without
// reading them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace whywait::live {

struct Sockstat {
  uint32_t in_use = 0;     // in a table, of both families, without the mini-sockets
  uint32_t orphans = 0;    // of all namespaces together
  uint32_t time_wait = 0;  // mini-sockets, FIN_WAIT_2 among them
  uint32_t allocated = 0;  // of all namespaces together, those in no table too, without the mini-sockets
};

// The second text may be empty: a kernel without IPv6. Nothing for texts without the lines of TCP.
std::optional<Sockstat> decode_sockstat(std::string_view sockstat, std::string_view sockstat6);

}  // namespace whywait::live
