// A server closes its side of each connection, and the clients read the end and never close theirs.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <array>
#include <thread>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 20;
constexpr uint32_t kAtATime = 5;

void answer_and_end(const Announce& announce) {
  Server server;
  announce(server.port());
  DelayQueue answered(1500ms);  // so that each FIN comes apart from the answer
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(answered.left())) {
      if (receive(connection) > 0) {
        send_text(connection, kAnswer);
        answered.add(connection);
      } else {
        server.unwatch(connection);
        ::close(connection);
      }
    }
    while (const auto due = answered.take_due()) {
      if (::shutdown(*due, SHUT_WR) != 0) throw_errno("shutdown");
    }
  }
}

void read_and_keep(uint16_t port) {
  const auto connections = connect_and_ask(port, kConnections);
  read_to_end(connections);
  std::this_thread::sleep_for(kStandsFor);
}

void read_and_close(uint16_t port) {
  const auto connections = connect_and_ask(port, kAtATime);
  read_to_end(connections);
}

Scene set_up_control(Stage& stage) {
  const Scene scene = stage.start_server(answer_and_end);
  stage.start_traffic(scene.port, kAtATime, [port = scene.port] { read_and_close(port); });
  return scene;
}

constexpr std::array kOtherForms = {
    Lookalike{.what = "5 clients have ended their side and wait for an answer, which comes line by line.",
              .connections = kAtATime,
              .set_up = set_up_half_close},
};

Scene set_up_fault(Stage& stage) {
  const Scene scene = stage.start_server(answer_and_end);
  stage.start_client([port = scene.port] { read_and_keep(port); });
  stage.wait_for_rows(kConnections, "connections wait for the clients to close",
                      [port = scene.port](const SocketRow& row) {
                        return row.state == TCP_FIN_WAIT2 && row.local_port == port && row.inode != 0;
                      });
  return scene;
}

}  // namespace

Scenario peer_not_closed() {
  return {
      .cause = Cause::PeerNotClosed,
      .state = State::FinWait2,
      .connections = kConnections,
      .ripens = 12s,
      .fault = "A server has ended its side of 20 connections; the clients have read that and never close.",
      .control = "The clients of the same server close as soon as they have read its end.",
      .set_up_fault = set_up_fault,
      .set_up_control = set_up_control,
      .lookalikes = kOtherForms,
  };
}

}  // namespace whywait::lab
