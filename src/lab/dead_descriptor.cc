// The peers have reset the connections, which the server does not look at: descriptors that are in no table.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 20;
constexpr size_t kTogether = 5;  // clients of the control at a time

// Reads the answers and closes with a RST, as a client does that discards whatever may still arrive.
void visit_and_reset(uint16_t port, size_t together) {
  constexpr linger kAtOnce{.l_onoff = 1, .l_linger = 0};
  const auto connections = connect_and_ask(port, together);
  read_answers(connections);
  for (const Fd& connection : connections) {
    if (::setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof kAtOnce) != 0) {
      throw_errno("SO_LINGER");
    }
  }
}

Scene set_up_fault(Stage& stage) {
  const Scene scene = stage.start_server(serving(Habit::ForgetsAnswered));
  stage.run_client([port = scene.port] { visit_and_reset(port, kConnections); });
  stage.wait_for_no_row("its clients' resets do not arrive", [port = scene.port](const SocketRow& row) {
    return row.local_port == port && row.state != TCP_LISTEN;
  });
  return scene;
}

Scene set_up_control(Stage& stage) {
  const Scene scene = stage.start_server(serving(Habit::ClosesAtEnd));
  stage.start_traffic(scene.port, kTogether, [port = scene.port] {
    visit_and_reset(port, kTogether);
    visit(port, kTogether);
  });
  return scene;
}

}  // namespace

Scenario dead_descriptor() {
  return {
      .cause = Cause::DeadDescriptor,
      .state = State::Closed,
      .connections = kConnections,
      .ripens = 12s,
      .fault =
          "A server answers 20 requests and looks at those connections no more; the clients reset them, and "
          "the server keeps the descriptors.",
      .control = "The same server closes each connection when it reads that it was reset.",
      .set_up_fault = set_up_fault,
      .set_up_control = set_up_control,
      .lookalikes = {},
  };
}

}  // namespace whywait::lab
