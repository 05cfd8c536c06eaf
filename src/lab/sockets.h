// Simple servers and clients for scenarios, on 127.0.0.1. Every function here may throw std::exception.
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

std::string receive_text(int connection);  // empty at the end of the stream, and after a reset by the peer
inline size_t receive(int connection) { return receive_text(connection).size(); }
void send_text(int connection, std::string_view text);

// A listener, and an epoll set that watches it. Connections are plain descriptors, because scenarios are
// about what their owner does with them.
class Server {
 public:
  Server();

  uint16_t port() const { return port_; }
  // Accepts and watches the connections that wait, and returns those that are readable. Sleeps at most
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

// Connections to act on after a fixed time, first in, first out.
class DelayQueue {
 public:
  explicit DelayQueue(std::chrono::milliseconds wait) : wait_(wait) {}

  void add(int connection) { queue_.push_back({connection, Deadline(wait_)}); }
  std::chrono::milliseconds left() const;  // until the next one is due, at most a second
  std::optional<int> take_due();

 private:
  struct Waiting {
    int connection;
    Deadline due;
  };
  std::chrono::milliseconds wait_;
  std::deque<Waiting> queue_;
};

// What a server does with its connections besides answering requests until the lab ends.
enum class Habit : uint8_t {
  ClosesAtEnd,
  ForgetsAtEnd,     // reads the peer's FIN, then stops watching the connection
  ForgetsAnswered,  // stops watching the connection after its answer
};
void serve(Server& server, Habit habit);
// The work of such a server, for Stage::start_server().
std::function<void(const Announce&)> serving(Habit habit);

// Actions of clients. Each has a time limit.
Fd connect_to(uint16_t port);
void ask(const std::vector<Fd>& connections);
std::vector<Fd> connect_and_ask(uint16_t port, size_t together);
void read_answers(const std::vector<Fd>& connections);
void end_sending(const std::vector<Fd>& connections);  // half-closes them
void read_to_end(const std::vector<Fd>& connections);  // discards data until every peer has closed
void knock(uint16_t port);                             // sends a request and closes without waiting
void visit(uint16_t port, size_t together);            // sends requests, reads the answers and closes first

inline constexpr std::string_view kAnswer = "200 as you see\n";

}  // namespace whywait::lab
