// A correct half-close: the clients have said all that they had to say, and their answers take time.
#include "lab/lab.h"
#include "lab/scenarios.h"
#include "lab/sockets.h"
#include "lab/stage.h"

#include <array>
#include <map>
#include <thread>
#include <vector>

#include <netinet/tcp.h>
#include <unistd.h>

namespace whywait::lab {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kConnections = 5;

// Whether all of the request is there; then the connection is not watched any more.
bool has_asked(Server& server, int connection) {
  if (receive(connection) > 0) return false;
  server.unwatch(connection);
  return true;
}

void send_line_after_line(const Announce& announce) {
  Server server;
  announce(server.port());
  std::vector<int> asked;
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int connection : server.readable(500ms)) {
      if (has_asked(server, connection)) asked.push_back(connection);
    }
    for (const int connection : asked) send_text(connection, kAnswer);
  }
}

// A program that makes an answer, as inetd or socat start it: it has a pipe and no sockets.
Fd start_program() {
  Pipe pipe = make_pipe();
  start_child("lab-program", [&pipe] {
    if (::dup2(pipe.in.get(), STDOUT_FILENO) < 0) throw_errno("dup2");
    if (::close_range(STDERR_FILENO + 1, ~0U, 0) != 0) throw_errno("close_range");
    std::this_thread::sleep_for(kStandsFor);
  });
  return std::move(pipe.out);
}

void leave_answers_to_programs(const Announce& announce) {
  struct Asked {
    int connection;
    Fd program;
  };
  Server server;
  announce(server.port());
  std::map<int, Asked> by_pipe;
  for (const Deadline end(kStandsFor); !end.passed();) {
    for (const int fd : server.readable(1s)) {
      if (const auto ended = by_pipe.find(fd); ended != by_pipe.end()) {
        send_text(ended->second.connection, kAnswer);
        ::close(ended->second.connection);
        by_pipe.erase(ended);
      } else if (has_asked(server, fd)) {
        Fd program = start_program();
        const int pipe = program.get();
        server.watch(pipe);
        by_pipe.emplace(pipe, Asked{fd, std::move(program)});
      }
    }
  }
}

void answer_and_close(const Announce& announce) {
  Server server;
  announce(server.port());
  for (const Deadline end(kStandsFor); !end.passed(); std::this_thread::sleep_for(100ms)) {
    for (const int connection : server.readable(1s)) {
      if (!has_asked(server, connection)) continue;
      send_text(connection, kAnswer);
      ::close(connection);
    }
  }
}

void ask_and_listen(uint16_t port) {
  const auto connections = connect_and_ask(port, kConnections);
  end_sending(connections);
  read_to_end(connections);
}

Scene set_up(Stage& stage, void (*work)(const Announce&)) {
  const Scene scene = stage.start_server(work);
  stage.start_client([port = scene.port] { ask_and_listen(port); });
  stage.wait_for_rows(kConnections, "connections are half-closed", [port = scene.port](const SocketRow& row) {
    return row.state == TCP_CLOSE_WAIT && row.local_port == port && row.inode != 0 && row.recv_q == 0;
  });
  return scene;
}

Scene set_up_programs(Stage& stage) { return set_up(stage, leave_answers_to_programs); }

Scene set_up_control(Stage& stage) {
  const Scene scene = stage.start_server(answer_and_close);
  stage.start_traffic(scene.port, kConnections, [port = scene.port] { ask_and_listen(port); });
  return scene;
}

constexpr std::array kOtherForms = {
    Lookalike{
        .what = "5 clients half-close, and for each a program makes the answer behind a pipe, in silence.",
        .connections = kConnections,
        .set_up = set_up_programs},
};

}  // namespace

Scene set_up_half_close(Stage& stage) { return set_up(stage, send_line_after_line); }

Scenario half_close() {
  return {
      .cause = Cause::HalfClose,
      .is_harmless = true,
      .state = State::CloseWait,
      .connections = kConnections,
      .ripens = 12s,
      .fault = "5 clients half-close, as `nc -N` does, and are sent a line every 0.5 s.",
      .control = "The same clients are answered within 0.1 s, and the server closes then.",
      .set_up_fault = set_up_half_close,
      .set_up_control = set_up_control,
      .lookalikes = kOtherForms,
  };
}

}  // namespace whywait::lab
