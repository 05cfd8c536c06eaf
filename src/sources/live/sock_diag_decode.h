// The bytes of the kernel's socket diagnosis, for TCP (net/ipv4/inet_diag.c) and UNIX sockets
// (net/unix/diag.c). Addresses and ports are in network order there, everything else in the host's.
#pragma once

#include "core/connection.h"
#include "core/partners.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace whywait::live {

enum class Family : uint8_t { V4, V6 };

// An inet_diag_req_v2 for every socket of the family in every state, with tcp_info.
std::vector<std::byte> sock_diag_request(Family family);

// An inet_diag_req_v2 for what has the ends of this connection, whatever it is now. An IPv4 address is put
// into the family's form.
std::vector<std::byte> sock_diag_request(const Connection& c, Family family);

// One inet_diag_msg with its attributes. False for bytes that are too short or speak of an unknown state or
// family: then nothing is added.
bool decode_sock_diag(std::span<const std::byte> message, Netns netns, SocketTable& table);

// A unix_diag_req for every socket, with its peer.
std::vector<std::byte> unix_diag_request();

// One unix_diag_msg with its attributes; nothing for bytes that are too short, or a socket without a peer.
std::optional<UnixPair> decode_unix_diag(std::span<const std::byte> message);

}  // namespace whywait::live
