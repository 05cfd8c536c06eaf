// The plain ends of a scenario's connections, on 127.0.0.1. All of it throws std::exception.
#pragma once

#include "lab/child.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace whywait::lab {

size_t receive(int connection);  // bytes read; 0 at the end, also where the peer has reset it
void send_text(int connection, std::string_view text);

// A listener and an epoll set that watches it. Connections are plain descriptors, for what their owner does
// with them is what the scenarios are about.
class Server {
 public:
  Server();

  uint16_t port() const { return port_; }
  // Accepts and watches whoever waits, and gives the connections that can be read. Sleeps no longer than
  // `patience`.
  std::vector<int> readable(std::chrono::milliseconds patience);
  void watch(int connection);
  void unwatch(int connection);

 private:
  void accept_all();

  Fd listener_;
  Fd epoll_;
  uint16_t port_ = 0;
};

// What clients do, each bounded in time.
Fd connect_to(uint16_t port);
void knock(uint16_t port);                   // sends a request and closes, without waiting
void visit(uint16_t port, size_t together);  // connects, sends requests, reads the answers, closes first

inline constexpr std::string_view kAnswer = "200 as you see\n";

}  // namespace whywait::lab
