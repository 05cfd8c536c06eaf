// A line of /proc/net/tcp or /proc/net/tcp6 (net/ipv4/tcp_ipv4.c, tcp4_seq_show): what is left where the
// kernel's socket diagnosis is refused. No cookie, no ages, no limit of the accept queue.
#pragma once

#include "core/connection.h"

#include <string_view>

namespace whywait {

// False for a line that is no row, such as the header.
bool decode_proc_net_tcp(std::string_view line, Netns netns, SocketTable& table);

}  // namespace whywait
