// The server reads the end of its connections and forgets to close them: a leak of descriptors.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <array>

#include <netinet/tcp.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 20;
constexpr size_t kCycles = 5;  // of clients that came and went: the control then is in its stride

Scene set_up_fault(Stage& stage) {
  const Scene scene = stage.start_server(serving(Habit::ForgetsAtEnd));
  stage.run_client([port = scene.port] { visit(port, kConnections); });
  stage.wait_for_rows(
      kConnections, "connections wait to be closed", [port = scene.port](const SocketRow& row) {
        return row.state == TCP_CLOSE_WAIT && row.local_port == port && row.inode != 0 && row.recv_q == 0;
      });
  return scene;
}

Scene set_up_control(Stage& stage) {
  const Scene scene = stage.start_server(serving(Habit::ClosesAtEnd));
  stage.start_traffic(scene.port, kCycles, [port = scene.port] { visit(port, 1); });
  return scene;
}

constexpr std::array kLookalikes = {
    Lookalike{.what = "5 clients half-close, as `nc -N` does, and are sent a line every 0.5 s.",
              .connections = 5,
              .set_up = set_up_half_close},
};

}  // namespace

Scenario not_closed() {
  return {
      .cause = Cause::NotClosed,
      .state = State::CloseWait,
      .connections = kConnections,
      .ripens = 12s,
      .fault =
          "A server answers 20 requests and reads that the clients have closed, but it never closes its own "
          "end.",
      .control =
          "The same server closes each connection as soon as it has read its end, while clients come and go.",
      .set_up_fault = set_up_fault,
      .set_up_control = set_up_control,
      .lookalikes = kLookalikes,
  };
}

}  // namespace whywait::lab
