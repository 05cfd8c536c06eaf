// The server answers at length to clients that have ended their requests and do not read.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <string>
#include <thread>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 5;
constexpr size_t kTogether = 2;  // clients of the control at a time
constexpr int kSendBuffer = 64 << 10;
constexpr uint8_t kProbesZeroWindow = 4;

// More than a peer's buffer holds that does not read.
const std::string& long_answer() {
  static const std::string text(4 << 20, '.');
  return text;
}

void answer_at_length(int connection) {
  ::send(connection, long_answer().data(), long_answer().size(), MSG_NOSIGNAL);
  ::close(connection);
}

// A thread for each connection, in a blocking send().
void write_in_threads(const Announce& announce) {
  Server server;
  announce(server.port());
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(1s)) {
      if (receive(connection) > 0) continue;
      server.unwatch(connection);
      if (::setsockopt(connection, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer) != 0) {
        throw_errno("SO_SNDBUF");
      }
      std::thread(answer_at_length, connection).detach();  // it ends with the process at the latest
    }
  }
}

void ask_and_sleep(uint16_t port) {
  const auto connections = connect_and_ask(port, kConnections);
  end_sending(connections);
  std::this_thread::sleep_for(kStandsFor);
}

void ask_and_read(uint16_t port) {
  const auto connections = connect_and_ask(port, kTogether);
  end_sending(connections);
  read_to_end(connections);
}

Scene set_up_fault(Stage& stage) {
  const Scene scene = stage.start_server(write_in_threads);
  stage.start_client([port = scene.port] { ask_and_sleep(port); });
  stage.wait_for_rows(kConnections, "connections are not read by their clients",
                      [port = scene.port](const SocketRow& row) {
                        return row.state == TCP_CLOSE_WAIT && row.local_port == port && row.recv_q == 0 &&
                               row.send_q > 0 && row.timer == kProbesZeroWindow;
                      });
  return scene;
}

Scene set_up_control(Stage& stage) {
  const Scene scene = stage.start_server(write_in_threads);
  stage.start_traffic(scene.port, kTogether, [port = scene.port] { ask_and_read(port); });
  return scene;
}

}  // namespace

Scenario blocked_writer() {
  return {
      .cause = Cause::BlockedWriter,
      .state = State::CloseWait,
      .connections = kConnections,
      .ripens = 12s,
      .fault =
          "A server sends 4 MB to each of 5 clients, which have ended their requests and do not read: its "
          "threads are blocked in send().",
      .control = "The same clients read all that the server sends, and it closes then.",
      .set_up_fault = set_up_fault,
      .set_up_control = set_up_control,
      .lookalikes = {},
  };
}

}  // namespace whywait::lab
