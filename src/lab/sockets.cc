#include "lab/sockets.h"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>

#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace whywait::lab {
namespace {

constexpr int kBacklog = 64;
constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

Fd make_socket(int flags) {
  Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
  if (socket.get() < 0) throw_errno("socket");
  return socket;
}

const std::string& request() {
  static const std::string text = "GET /lab HTTP/1.1\r\nX-Filler: " + std::string(167, '.') + "\r\n\r\n";
  return text;
}

}  // namespace

std::string receive_text(int connection) {
  std::array<char, 4096> buffer{};
  const ssize_t got = ::recv(connection, buffer.data(), buffer.size(), 0);
  if (got < 0 && errno != ECONNRESET) throw_errno("recv");
  return {buffer.data(), got < 0 ? 0 : static_cast<size_t>(got)};
}

void send_text(int connection, std::string_view text) {
  // So few bytes fit into the send buffer, so they are sent at once or not at all.
  if (::send(connection, text.data(), text.size(), MSG_NOSIGNAL) < 0) throw_errno("send");
}

Server::Server() : listener_(make_socket(SOCK_NONBLOCK)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_.get() < 0) throw_errno("epoll_create1");
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), generic, size) != 0) throw_errno("bind");
  if (::listen(listener_.get(), kBacklog) != 0) throw_errno("listen");
  if (::getsockname(listener_.get(), generic, &size) != 0) throw_errno("getsockname");
  port_ = ntohs(address.sin_port);
  watch(listener_.get());
}

std::vector<int> Server::readable(std::chrono::milliseconds patience) {
  std::array<epoll_event, 64> events{};
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(patience.count()));
  if (count < 0 && errno != EINTR) throw_errno("epoll_wait");
  std::vector<int> connections;
  for (int i = 0; i < count; ++i) {
    const int fd = events.at(static_cast<size_t>(i)).data.fd;
    if (fd == listener_.get()) {
      accept_all();
    } else {
      connections.push_back(fd);
    }
  }
  return connections;
}

void Server::accept_all() {
  for (int accepted = 0; accepted < kBacklog; ++accepted) {
    const int connection = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) {
      watch(connection);
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != ECONNABORTED && errno != EINTR) {
      throw_errno("accept");
    }
  }
}

void Server::watch(int connection) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = connection}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection, &event) != 0) throw_errno("EPOLL_CTL_ADD");
}

void Server::unwatch(int connection) {
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, connection, nullptr) != 0) throw_errno("EPOLL_CTL_DEL");
}

std::chrono::milliseconds DelayQueue::left() const {
  constexpr std::chrono::milliseconds kMost{1000};
  return queue_.empty() ? kMost : queue_.front().due.left();
}

std::optional<int> DelayQueue::take_due() {
  if (queue_.empty() || !queue_.front().due.passed()) return std::nullopt;
  const int connection = queue_.front().connection;
  queue_.pop_front();
  return connection;
}

void serve(Server& server, Habit habit) {
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(std::chrono::seconds{1})) {
      const bool has_ended = receive(connection) == 0;
      if (has_ended && habit != Habit::ForgetsAtEnd) {
        ::close(connection);
        continue;
      }
      if (has_ended || habit == Habit::ForgetsAnswered) server.unwatch(connection);
      if (!has_ended) send_text(connection, kAnswer);
    }
  }
}

std::function<void(const Announce&)> serving(Habit habit) {
  return [habit](const Announce& announce) {
    Server server;
    announce(server.port());
    serve(server, habit);
  };
}

Fd connect_to(uint16_t port) {
  Fd connection = make_socket(0);
  // Linux bounds connect() by the time-out for sending.
  for (const int direction : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    if (::setsockopt(connection.get(), SOL_SOCKET, direction, &kPatience, sizeof kPatience) != 0) {
      throw_errno("setsockopt");
    }
  }
  const sockaddr_in address = loopback(port);
  if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw_errno("connect");
  }
  return connection;
}

void ask(const std::vector<Fd>& connections) {
  for (const Fd& connection : connections) send_text(connection.get(), request());
}

std::vector<Fd> connect_and_ask(uint16_t port, size_t together) {
  std::vector<Fd> connections;
  for (size_t i = 0; i < together; ++i) connections.push_back(connect_to(port));
  ask(connections);
  return connections;
}

void read_answers(const std::vector<Fd>& connections) {
  for (const Fd& connection : connections) {
    if (receive(connection.get()) == 0) throw std::runtime_error("the server closed first");
  }
}

void end_sending(const std::vector<Fd>& connections) {
  for (const Fd& connection : connections) {
    if (::shutdown(connection.get(), SHUT_WR) != 0) throw_errno("shutdown");
  }
}

void read_to_end(const std::vector<Fd>& connections) {
  std::vector<pollfd> open;
  for (const Fd& connection : connections) open.push_back({connection.get(), POLLIN, 0});
  for (const Deadline end(kStandsFor); !open.empty() && !end.passed();) {
    if (::poll(open.data(), open.size(), static_cast<int>(end.left().count())) < 0) throw_errno("poll");
    std::erase_if(open, [](const pollfd& one) { return one.revents != 0 && receive(one.fd) == 0; });
  }
}

void knock(uint16_t port) {
  const Fd connection = connect_to(port);
  send_text(connection.get(), request());
}

void visit(uint16_t port, size_t together) {
  const auto connections = connect_and_ask(port, together);
  read_answers(connections);
}

}  // namespace whywait::lab
