// The server pauses the reading of its connections and never resumes it: backpressure without a way back.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <vector>

#include <netinet/tcp.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 20;
constexpr size_t kTogether = 10;  // clients of the control at a time

// Each connection is paused when there is something to read, for as long as its turn takes to come, then
// read.
void read_in_turn(const Announce& announce) {
  Server server;
  announce(server.port());
  DelayQueue paused(300ms);
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(paused.left())) {
      server.unwatch(connection);
      paused.add(connection);
    }
    while (const auto connection = paused.take_due()) {
      if (receive(*connection) == 0) {
        ::close(*connection);
        continue;
      }
      send_text(*connection, kAnswer);
      server.watch(*connection);
    }
  }
}

Scene set_up_fault(Stage& stage) {
  const Scene scene = stage.start_server(serving(Habit::ForgetsAnswered));
  stage.run_client([port = scene.port] { visit(port, kConnections); });
  stage.wait_for_rows(kConnections, "connections wait to be read", [port = scene.port](const SocketRow& row) {
    return row.state == TCP_CLOSE_WAIT && row.local_port == port && row.inode != 0 && row.recv_q == 1;
  });
  return scene;
}

Scene set_up_control(Stage& stage) {
  const Scene scene = stage.start_server(read_in_turn);
  stage.start_traffic(scene.port, kTogether, [port = scene.port] { visit(port, kTogether); });
  return scene;
}

}  // namespace

Scenario not_read() {
  return {
      .cause = Cause::NotRead,
      .state = State::CloseWait,
      .connections = kConnections,
      .ripens = 12s,
      .fault =
          "A server answers 20 requests, then stops reading those connections, so that it never sees them "
          "close.",
      .control =
          "The same server is slow, but it comes back to each connection after 0.3 s and closes it at its "
          "end.",
      .set_up_fault = set_up_fault,
      .set_up_control = set_up_control,
      .lookalikes = {},
  };
}

}  // namespace whywait::lab
