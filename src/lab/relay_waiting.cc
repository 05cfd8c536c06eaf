// A relay has read the end of its clients and passed it on, and waits for a backend that never closes.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <map>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 20;
constexpr size_t kCycles = 5;  // of clients that came and went: the control then is in its stride

class Relay {
 public:
  Relay(Server& server, uint16_t backend) : server_(server), backend_(backend) {}

  void pass_on(int from) {
    if (!legs_.contains(from)) join(from);
    const int to = legs_.at(from).other;
    const std::string text = receive_text(from);
    if (!text.empty()) {
      send_text(to, text);
    } else {
      end(from, to);
    }
  }

 private:
  struct Leg {
    int other = -1;
    bool has_ended = false;
  };

  void join(int client) {
    const int leg = connect_to(backend_).release();
    server_.watch(leg);
    legs_[client].other = leg;
    legs_[leg].other = client;
  }

  // Each way ends by itself: the other may have something to say still.
  void end(int from, int to) {
    server_.unwatch(from);
    legs_.at(from).has_ended = true;
    if (!legs_.at(to).has_ended) {
      if (::shutdown(to, SHUT_WR) != 0) throw_errno("shutdown");
      return;
    }
    for (const int leg : {from, to}) {
      legs_.erase(leg);
      ::close(leg);
    }
  }

  Server& server_;
  uint16_t backend_;
  std::map<int, Leg> legs_;
};

void relay(const Announce& announce, uint16_t backend) {
  Server server;
  announce(server.port());
  Relay relay(server, backend);
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(1s)) relay.pass_on(connection);
  }
}

struct Both {
  Scene relay;
  Scene backend;
};

Both start_both(Stage& stage, Habit of_backend) {
  const Scene backend = stage.start_server(serving(of_backend), "lab-backend");
  const auto work = [port = backend.port](const Announce& announce) { relay(announce, port); };
  return {.relay = stage.start_server(work, "lab-relay"), .backend = backend};
}

Scene set_up_fault(Stage& stage) {
  const auto [relay, backend] = start_both(stage, Habit::ForgetsAtEnd);
  stage.run_client([port = relay.port] { visit(port, kConnections); });
  stage.wait_for_rows(
      kConnections, "connections wait for their other leg", [port = relay.port](const SocketRow& row) {
        return row.state == TCP_CLOSE_WAIT && row.local_port == port && row.inode != 0 && row.recv_q == 0;
      });
  stage.wait_for_rows(kConnections, "other legs are half-closed",
                      [port = backend.port](const SocketRow& row) {
                        return row.state == TCP_FIN_WAIT2 && row.remote_port == port && row.inode != 0;
                      });
  return relay;
}

Scene set_up_control(Stage& stage) {
  const Scene relay = start_both(stage, Habit::ClosesAtEnd).relay;
  stage.start_traffic(relay.port, kCycles, [port = relay.port] { visit(port, 1); });
  return relay;
}

}  // namespace

Scenario relay_waiting() {
  return {
      .cause = Cause::RelayWaiting,
      .state = State::CloseWait,
      .connections = kConnections,
      .ripens = 12s,
      .fault =
          "20 clients of a relay have closed; it has told the backend so, which never closes its own end, "
          "and "
          "the relay waits for that.",
      .control = "The same relay has a backend that closes at once, and so it closes both legs.",
      .set_up_fault = set_up_fault,
      .set_up_control = set_up_control,
      .lookalikes = {},
  };
}

}  // namespace whywait::lab
