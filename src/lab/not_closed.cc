// The server reads the end of its connections and forgets to close them: a leak of descriptors.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <array>
#include <vector>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 20;
constexpr uint32_t kHalfClosed = 5;
constexpr size_t kCycles = 5;  // of clients that came and went: the control then is in its stride

enum class AtEnd : uint8_t { Close, Forget };

void answer_until_the_end(const Announce& announce, AtEnd at_end) {
  Server server;
  announce(server.port());
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(1s)) {
      if (receive(connection) > 0) {
        send_text(connection, kAnswer);
      } else if (at_end == AtEnd::Close) {
        ::close(connection);
      } else {
        server.unwatch(connection);  // the fault: nobody remembers it
      }
    }
  }
}

Standing set_up_fault(Stage& stage) {
  const Standing standing =
      stage.start_server([](const Announce& announce) { answer_until_the_end(announce, AtEnd::Forget); });
  stage.run_client([port = standing.port] { visit(port, kConnections); });
  stage.wait_for_rows(kConnections, "connections wait to be closed", [port = standing.port](const Row& row) {
    return row.state == TCP_CLOSE_WAIT && row.local_port == port && row.inode != 0 && row.recv_q == 0;
  });
  return standing;
}

Standing set_up_control(Stage& stage) {
  const Standing standing =
      stage.start_server([](const Announce& announce) { answer_until_the_end(announce, AtEnd::Close); });
  stage.start_traffic(standing.port, kCycles, [port = standing.port] { visit(port, 1); });
  return standing;
}

// A correct half-close: the client has said all it had to say, and is answered at length.
void answer_at_length(const Announce& announce) {
  Server server;
  announce(server.port());
  std::vector<int> asked;
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(200ms)) {
      if (receive(connection) > 0) continue;
      server.unwatch(connection);
      asked.push_back(connection);
    }
    for (const int connection : asked) send_text(connection, kAnswer);
  }
}

void ask_and_listen(uint16_t port) {
  std::vector<Fd> connections;
  for (uint32_t i = 0; i < kHalfClosed; ++i) {
    connections.push_back(connect_to(port));
    if (::shutdown(connections.back().get(), SHUT_WR) != 0) throw_errno("shutdown");
  }
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const Fd& connection : connections) {
      if (receive(connection.get()) == 0) return;
    }
  }
}

Standing set_up_half_close(Stage& stage) {
  const Standing standing = stage.start_server(answer_at_length);
  stage.start_client([port = standing.port] { ask_and_listen(port); });
  stage.wait_for_rows(kHalfClosed, "connections are half-closed", [port = standing.port](const Row& row) {
    return row.state == TCP_CLOSE_WAIT && row.local_port == port && row.inode != 0 && row.recv_q == 0;
  });
  return standing;
}

constexpr std::array kLookalikes = {
    Lookalike{.what = "5 clients half-close, as `nc -N` does, and are sent a line every 0.2 s.",
              .connections = kHalfClosed,
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
