// Sockets that are made up, and what the tools of all systems would print of them: to be read back.
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
  Endpoint remote;     // nothing of one that listens
  bool is_v6 = false;  // of an IPv6 socket, which may have mapped addresses
  uint32_t recv_q = 0;
  uint32_t send_q = 0;
  uint32_t uid = 0;
  uint32_t inode = 0;  // 0: nobody's
  uint64_t cookie = 0;
  Timer timer;
  Milliseconds age{0};
  std::vector<HeldBy> holders;  // sorted
};
using Sockets = std::vector<Socket>;

// As many, in all states, of both families, no two with the same ends. Without `wide` no address is longer
// than the narrowest listing has room for.
Sockets made_up(uint32_t seed, size_t count, bool wide);

// What a tool tells of a socket.
struct Tells {
  bool state = true;
  bool queues = false;
  bool limit = false;  // of the accept queue of one that listens, in place of its send queue
  bool uid = false;
  bool inode = false;
  bool cookie = false;
  bool timer = false;
  bool age = false;
  bool pid = false;
  bool name = false;
  bool fd = false;
  bool all_holders = false;  // else the first
  bool only_held = false;    // sockets that nobody holds are not listed
};

struct Tool {
  std::string name;
  Tells tells;
  bool is_wide = false;  // has room for any address
  std::function<std::string(const Sockets&)> print;
};

std::vector<Tool> linux_tools();    // netstat, ss, lsof, /proc
std::vector<Tool> bsd_tools();      // and what else has netstat: macOS, Solaris, AIX, HP-UX
std::vector<Tool> windows_tools();  // netstat and PowerShell
std::vector<Tool> all_tools();

// An end as a tool writes it; port 0 as `any`.
struct Written {
  const char* parting = ":";
  bool brackets = false;      // around an IPv6 address
  bool mapped = false;        // a mapped address is written as the IPv6 address that it is
  const char* any = nullptr;  // for any address; else it is written as it is
  const char* no_port = "*";
};
std::string written(const Endpoint& end, bool is_v6, const Written& how);

}  // namespace whywait::testing
