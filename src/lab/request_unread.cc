// The only thread of the server is in a call that does not return, while its clients wait for answers.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <array>
#include <stdexcept>
#include <thread>

#include <netinet/tcp.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kAccepted = 20;
constexpr uint32_t kQueued = 5;   // that came later, and are not even accepted
constexpr uint32_t kWorkers = 5;  // of the look-alike
constexpr size_t kTogether = 5;   // clients of the control at a time

void answer_then_sleep(const Announce& announce) {
  Server server;
  announce(server.port());
  const Deadline end(kStandsFor);
  for (uint32_t answered = 0; answered < kAccepted && !end.passed();) {
    for (const int connection : server.readable(1s)) {
      if (receive(connection) == 0) throw std::runtime_error("a client closed first");
      send_text(connection, kAnswer);
      ++answered;
    }
  }
  std::this_thread::sleep_for(end.left());  // the fault: meanwhile no other thread serves
}

void ask_twice_and_wait(uint16_t port) {
  const auto connections = connect_and_ask(port, kAccepted);
  read_answers(connections);
  ask(connections);
  const auto late = connect_and_ask(port, kQueued);
  read_to_end(connections);
}

Scene set_up_fault(Stage& stage) {
  const Scene scene = stage.start_server(answer_then_sleep);
  stage.start_client([port = scene.port] { ask_twice_and_wait(port); });
  for (const bool accepted : {true, false}) {
    stage.wait_for_rows(accepted ? kAccepted : kQueued, "requests wait to be read",
                        [=](const SocketRow& row) {
                          return row.state == TCP_ESTABLISHED && row.local_port == scene.port &&
                                 row.recv_q > 0 && (row.inode != 0) == accepted;
                        });
  }
  return scene;
}

Scene set_up_control(Stage& stage) {
  const Scene scene = stage.start_server(serving(Habit::ClosesAtEnd));
  stage.start_traffic(scene.port, kTogether, [port = scene.port] { visit(port, kTogether); });
  return scene;
}

// A thread for each connection, which works on one request at a time.
void work_in_threads(const Announce& announce) {
  Server server;
  announce(server.port());
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(1s)) {
      server.unwatch(connection);
      if (receive(connection) == 0) throw std::runtime_error("a client closed first");
      send_text(connection, "100 at work\n");
      std::thread([] { std::this_thread::sleep_for(kStandsFor); }).detach();  // the slow work
    }
  }
}

// Pipelining: the next request is sent while the first is worked on.
void ask_ahead(uint16_t port) {
  const auto connections = connect_and_ask(port, kWorkers);
  read_answers(connections);
  ask(connections);
  read_to_end(connections);
}

Scene set_up_pipelining(Stage& stage) {
  const Scene scene = stage.start_server(work_in_threads);
  stage.start_client([port = scene.port] { ask_ahead(port); });
  stage.wait_for_rows(kWorkers, "requests are sent ahead", [port = scene.port](const SocketRow& row) {
    return row.state == TCP_ESTABLISHED && row.local_port == port && row.inode != 0 && row.recv_q > 0;
  });
  return scene;
}

constexpr std::array kLookalikes = {
    Lookalike{
        .what = "5 workers are each at work on a request, and behind it waits the next of the same client.",
        .connections = kWorkers,
        .set_up = set_up_pipelining},
};

}  // namespace

Scenario request_unread() {
  return {
      .cause = Cause::RequestUnread,
      .state = State::Established,
      .connections = kAccepted + kQueued,
      .ripens = 12s,
      .fault =
          "A server with one thread sleeps in a long call; the requests of 20 clients are unread, and 5 more "
          "wait to be accepted.",
      .control = "The same server answers each request at once, while clients come and go.",
      .set_up_fault = set_up_fault,
      .set_up_control = set_up_control,
      .lookalikes = kLookalikes,
  };
}

}  // namespace whywait::lab
