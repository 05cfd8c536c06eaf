// Makes up sockets and prints them as the tools of all systems would, so that a test can read them back.
#pragma once

#include "core/connection.h"
#include "core/process.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace whywait::testing {

struct HeldBy {
  int32_t pid = 0;
  std::string name;
  int32_t fd = -1;

  auto operator<=>(const HeldBy&) const = default;
};

struct Socket {
  State state = State::Established;
  Endpoint local;
  Endpoint remote;     // empty for a listener
  bool is_v6 = false;  // an IPv6 socket, which may have mapped addresses
  uint32_t recv_q = 0;
  uint32_t send_q = 0;
  uint32_t uid = 0;
  uint32_t inode = 0;  // 0 if no process holds it
  uint64_t cookie = 0;
  Timer timer;
  Milliseconds age{0};
  std::vector<HeldBy> holders;  // sorted
};
using Sockets = std::vector<Socket>;

// Returns `count` sockets in all states and of both families, no two with the same ends. Without `wide`,
// every address fits into the narrowest listing.
Sockets made_up(uint32_t seed, size_t count, bool wide);

// Which facts a tool prints of a socket.
struct Tells {
  bool state = true;
  bool queues = false;
  bool limit = false;  // for a listener, the limit of its accept queue instead of its send queue
  bool uid = false;
  bool inode = false;
  bool cookie = false;
  bool timer = false;
  bool age = false;
  bool pid = false;
  bool name = false;
  bool fd = false;
  bool all_holders = false;  // false: only the first
  bool only_held = false;    // it leaves out sockets without a holder
};

struct Tool {
  std::string name;
  Tells tells;
  bool is_wide = false;  // has room for any address
  std::function<std::string(const Sockets&)> print;
};

std::vector<Tool> linux_tools();    // netstat, ss, lsof, /proc
std::vector<Tool> bsd_tools();      // and the other systems with netstat: macOS, Solaris, AIX, HP-UX
std::vector<Tool> windows_tools();  // netstat and PowerShell
std::vector<Tool> all_tools();

// How a tool writes an endpoint; port 0 is written as `any`.
struct Written {
  const char* parting = ":";
  bool brackets = false;      // around an IPv6 address
  bool mapped = false;        // a mapped address is written as an IPv6 address
  const char* any = nullptr;  // written for the unspecified address; null: the address itself
  const char* no_port = "*";
};
std::string written(const Endpoint& end, bool is_v6, const Written& how);

}  // namespace whywait::testing
