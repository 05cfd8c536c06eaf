// Decodes a line of /proc/net/tcp or /proc/net/tcp6 (tcp4_seq_show in net/ipv4/tcp_ipv4.c), which whywait
// reads if the kernel refuses sock_diag. These files have no cookies, no ages and no limit of the accept
// queue.
#pragma once

#include "core/connection.h"

#include <string_view>

namespace whywait {

// False if the line is not a row, as the header is not.
bool decode_proc_net_tcp(std::string_view line, Netns netns, SocketTable& table);

}  // namespace whywait
