// The server listens and is stopped before it accepts, as by Ctrl-Z, a debugger or a frozen container.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <thread>

#include <netinet/tcp.h>
#include <signal.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 20;
constexpr size_t kCycles = 5;  // of clients that came and went: the control then is in its stride

void take_and_close(Server& server, std::chrono::milliseconds other_work) {
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(1s)) {
      if (receive(connection) == 0) ::close(connection);
    }
    std::this_thread::sleep_for(other_work);
  }
}

void stop_before_accepting(const Announce& announce) {
  Server server;
  announce(server.port());
  ::raise(SIGSTOP);
  take_and_close(server, 0ms);  // after a SIGCONT all is well
}

// Its other work lets a few clients be gone before it accepts them, as in every real server.
void accept_in_time(const Announce& announce) {
  Server server;
  announce(server.port());
  take_and_close(server, 80ms);
}

Scene set_up_fault(Stage& stage) {
  const Scene scene = stage.start_server(stop_before_accepting);
  stage.wait_until_stopped(scene.culprit);
  stage.run_client([port = scene.port] {
    for (uint32_t i = 0; i < kConnections; ++i) knock(port);
  });
  stage.wait_for_rows(kConnections, "connections wait to be accepted",
                      [port = scene.port](const SocketRow& row) {
                        return row.state == TCP_CLOSE_WAIT && row.local_port == port && row.inode == 0;
                      });
  return scene;
}

Scene set_up_control(Stage& stage) {
  const Scene scene = stage.start_server(accept_in_time);
  stage.start_traffic(scene.port, kCycles, [port = scene.port] { knock(port); });
  return scene;
}

}  // namespace

Scenario not_accepted() {
  return {
      .cause = Cause::NotAccepted,
      .state = State::CloseWait,
      .connections = kConnections,
      .ripens = 3s,
      .fault =
          "A server listens, but it is stopped before it accepts; 20 clients send a request and give up.",
      .control = "The same server runs: its clients come and go, and it accepts each within 0.1 s.",
      .set_up_fault = set_up_fault,
      .set_up_control = set_up_control,
      .lookalikes = {},
  };
}

}  // namespace whywait::lab
