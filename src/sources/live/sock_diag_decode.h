// Encodes and decodes sock_diag messages for TCP (net/ipv4/inet_diag.c) and UNIX sockets (net/unix/diag.c).
// Addresses and ports are in network byte order, all other numbers in host byte order.
#pragma once

#include "core/connection.h"
#include "core/partners.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace whywait::live {

enum class Family : uint8_t { V4, V6 };

// An inet_diag_req_v2 that asks for all sockets of the family, in every state, with tcp_info.
std::vector<std::byte> sock_diag_request(Family family);

// An inet_diag_req_v2 that asks for the socket with the ends of this connection, whatever its state. An IPv4
// address is converted to the family's form.
std::vector<std::byte> sock_diag_request(const Connection& c, Family family);

// Decodes an inet_diag_msg with its attributes and adds its row. Returns false and adds nothing if the bytes
// are too short or have an unknown state or family.
bool decode_sock_diag(std::span<const std::byte> message, Netns netns, SocketTable& table);

// A unix_diag_req that asks for all UNIX sockets with their peers.
std::vector<std::byte> unix_diag_request();

// Decodes a unix_diag_msg with its attributes. Nothing if the bytes are too short or the socket has no peer.
std::optional<UnixPair> decode_unix_diag(std::span<const std::byte> message);

}  // namespace whywait::live
