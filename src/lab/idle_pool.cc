// A client keeps its connections for later; the server, which found them idle for too long, has closed them.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <thread>
#include <vector>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 20;
constexpr size_t kTogether = 5;  // connections in the pool of the control

void close_when_idle(const Announce& announce) {
  Server server;
  announce(server.port());
  DelayQueue idle(250ms);
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(idle.left())) {
      server.unwatch(connection);
      if (receive(connection) == 0) {
        ::close(connection);
        continue;
      }
      send_text(connection, kAnswer);
      idle.add(connection);
    }
    while (const auto connection = idle.take_due()) ::close(*connection);
  }
}

void keep_and_do_other_work(uint16_t port) {
  const auto pool = connect_and_ask(port, kConnections);
  read_answers(pool);
  std::this_thread::sleep_for(kStandsFor);
}

bool has_ended(const Fd& connection) {
  char next = 0;
  return ::recv(connection.get(), &next, sizeof next, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void keep_and_evict(uint16_t port) {
  auto pool = connect_and_ask(port, kTogether);
  read_answers(pool);
  for (const Deadline end(kStandsFor); !pool.empty() && !end.passed(); std::this_thread::sleep_for(100ms)) {
    std::erase_if(pool, has_ended);
  }
}

Scene set_up_pattern(Stage& stage) {
  const uint16_t port = stage.start_server(close_when_idle).port;
  const Pid client = stage.start_client([port] { keep_and_do_other_work(port); });
  stage.wait_for_rows(kConnections, "connections idle in the pool", [port](const SocketRow& row) {
    return row.state == TCP_CLOSE_WAIT && row.remote_port == port && row.inode != 0 && row.recv_q == 1;
  });
  return {.culprit = client, .port = port};
}

Scene set_up_control(Stage& stage) {
  const uint16_t port = stage.start_server(close_when_idle).port;
  const Pid client = stage.start_traffic(port, kTogether, [port] { keep_and_evict(port); });
  return {.culprit = client, .port = port};
}

}  // namespace

Scenario idle_pool() {
  return {
      .cause = Cause::IdlePool,
      .is_harmless = true,
      .state = State::CloseWait,
      .connections = kConnections,
      .ripens = 12s,
      .fault =
          "A client keeps 20 answered connections in a pool and does other work; the server has closed them, "
          "idle as they were.",
      .control = "The same client looks at its pool every 0.1 s and closes what the server has closed.",
      .set_up_fault = set_up_pattern,
      .set_up_control = set_up_control,
      .lookalikes = {},
  };
}

}  // namespace whywait::lab
