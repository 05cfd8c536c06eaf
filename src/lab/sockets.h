// The plain ends of a scenario's connections, on 127.0.0.1. All of it throws std::exception.
#pragma once

#include "lab/child.h"
#include "lab/stage.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whywait::lab {

std::string receive_text(int connection);  // empty at the end, also where the peer has reset it
inline size_t receive(int connection) { return receive_text(connection).size(); }
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

// Connections that something is done with after a while, first in, first out: all wait for as long.
class Later {
 public:
  explicit Later(std::chrono::milliseconds wait) : wait_(wait) {}

  void add(int connection) { queue_.push_back({connection, Deadline(wait_)}); }
  std::chrono::milliseconds left() const;  // until the next is due, a second at most
  std::optional<int> take_due();

 private:
  struct Waiting {
    int connection;
    Deadline due;
  };
  std::chrono::milliseconds wait_;
  std::deque<Waiting> queue_;
};

// Answers requests for as long as the lab stands.
enum class Habit : uint8_t {
  ClosesAtEnd,
  ForgetsAtEnd,     // reads that the peer has closed, and looks away
  ForgetsAnswered,  // looks away once it has answered
};
void serve(Server& server, Habit habit);
std::function<void(const Announce&)> serving(Habit habit);  // what such a server does from the start

// What clients do, each bounded in time.
Fd connect_to(uint16_t port);
void ask(const std::vector<Fd>& connections);
std::vector<Fd> connect_and_ask(uint16_t port, size_t together);
void read_answers(const std::vector<Fd>& connections);
void end_sending(const std::vector<Fd>& connections);  // half-closes them
void read_to_end(const std::vector<Fd>& connections);  // whatever comes, until all have ended
void knock(uint16_t port);                             // sends a request and closes, without waiting
void visit(uint16_t port, size_t together);            // asks, reads the answers and closes first

inline constexpr std::string_view kAnswer = "200 as you see\n";

}  // namespace whywait::lab
