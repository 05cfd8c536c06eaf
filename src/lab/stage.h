// The stage of one scenario: its processes in the private namespace, and a view of the socket table that they
// make.
#pragma once

#include "core/process.h"
#include "lab/child.h"
#include "lab/lab.h"

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace whywait::lab {

// A row of /proc/net/tcp.
struct SocketRow {
  uint8_t state = 0;  // TCP_CLOSE_WAIT and so on of <netinet/tcp.h>
  uint16_t local_port = 0;
  uint16_t remote_port = 0;
  uint32_t send_q = 0;
  uint32_t recv_q = 0;
  uint8_t timer = 0;  // 4 while it probes a zero window
  uint32_t inode = 0;
};

using Announce = std::function<void(uint16_t port)>;

// Construct it inside the namespace. Its processes inherit none of the caller's descriptors and have a
// process group of their own; otherwise the shell's `fg` after a Ctrl-Z would continue a process that is
// stopped on purpose. Every member may throw std::exception.
class Stage {
 public:
  Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();  // kills and reaps the remaining processes

  // Returns once `work` has announced its port.
  Scene start_server(const std::function<void(const Announce&)>& work, const char* name = "lab-server");
  Pid start_client(const std::function<void()>& work);
  void run_client(const std::function<void()>& work);  // waits until the client has ended
  // Starts a client that calls `visit` again and again; returns once `count` connections have come and gone.
  Pid start_traffic(uint16_t port, size_t count, const std::function<void()>& visit);

  void wait_until_stopped(Pid pid);
  // Returns once at least `count` rows satisfy `wanted`. `what` describes them in the error message.
  void wait_for_rows(size_t count, std::string_view what,
                     const std::function<bool(const SocketRow&)>& wanted);
  void wait_for_no_row(std::string_view what, const std::function<bool(const SocketRow&)>& unwanted);

 private:
  struct Actor {
    pid_t pid = -1;
    const char* name = nullptr;
    Fd report;
  };

  Actor& start(const char* name, const std::function<void(const Fd& report)>& work);
  void check_actors();
  void wait_until(std::string_view complaint, const std::function<bool()>& holds);

  std::vector<Actor> actors_;  // not reaped yet
};

}  // namespace whywait::lab
