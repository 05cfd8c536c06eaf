// The server closes its connections, but children that it forked meanwhile have inherited them.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <thread>
#include <utility>

#include <netinet/tcp.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 20;
constexpr int kWorkers = 2;
constexpr size_t kCycles = 5;  // of clients that came and went: the control then is in its stride

void start_workers(Server& server) {
  for (int i = 0; i < kWorkers; ++i) {
    start_child("lab-worker", [&server] {
      (void)Server(std::move(server));  // the listener is closed here, as every forking server does
      std::this_thread::sleep_for(kStandsFor);
    });
  }
}

void fork_while_connected(const Announce& announce) {
  Server server;
  announce(server.port());
  uint32_t asked = 0;
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(1s)) {
      if (receive(connection) > 0) {
        // The fault: the children do not close the connections that they inherit.
        if (++asked == kConnections) start_workers(server);
        send_text(connection, kAnswer);
        continue;
      }
      server.unwatch(connection);  // close() alone would not: the workers hold the same file
      ::close(connection);
    }
  }
}

void fork_before(const Announce& announce) {
  Server server;
  start_workers(server);
  announce(server.port());
  serve(server, Habit::ClosesAtEnd);
}

Scene set_up_fault(Stage& stage) {
  const Scene scene = stage.start_server(fork_while_connected);
  stage.run_client([port = scene.port] { visit(port, kConnections); });
  stage.wait_for_rows(
      kConnections, "connections are held by children", [port = scene.port](const SocketRow& row) {
        return row.state == TCP_CLOSE_WAIT && row.local_port == port && row.inode != 0 && row.recv_q == 0;
      });
  return scene;
}

Scene set_up_control(Stage& stage) {
  const Scene scene = stage.start_server(fork_before);
  stage.start_traffic(scene.port, kCycles, [port = scene.port] { visit(port, 1); });
  return scene;
}

}  // namespace

Scenario held_elsewhere() {
  return {
      .cause = Cause::HeldElsewhere,
      .state = State::CloseWait,
      .connections = kConnections,
      .ripens = 12s,
      .fault =
          "A server forks 2 workers while 20 connections are open; it closes them at their end, but the "
          "workers "
          "sleep on and hold what they inherited.",
      .control = "The same server forks its workers before it accepts anybody, so that they inherit nothing.",
      .set_up_fault = set_up_fault,
      .set_up_control = set_up_control,
      .lookalikes = {},
  };
}

}  // namespace whywait::lab
