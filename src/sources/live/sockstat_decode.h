// Decodes /proc/net/sockstat and sockstat6 (net/ipv4/proc.c), which count the sockets of a network namespace
// without listing them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace whywait::live {

struct Sockstat {
  uint32_t in_use = 0;     // in a table, both families, without mini-sockets
  uint32_t orphans = 0;    // in all namespaces together
  uint32_t time_wait = 0;  // mini-sockets, including those in FIN_WAIT_2
  uint32_t allocated = 0;  // in all namespaces together, including those in no table, without mini-sockets
};

// The second text is empty on a kernel without IPv6. Nothing if a text lacks its TCP line.
std::optional<Sockstat> decode_sockstat(std::string_view sockstat, std::string_view sockstat6);

}  // namespace whywait::live
