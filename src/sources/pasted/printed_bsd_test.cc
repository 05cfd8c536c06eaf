// Prints as the tools of the BSDs, macOS, Solaris, AIX and HP-UX do.
#include "sources/pasted/printed_test.h"

#include <string_view>

#include <fmt/format.h>

namespace whywait::testing {
namespace {

constexpr Written kDotted{.parting = ".", .any = "*"};
constexpr Written kColon{.any = "*"};

struct BsdOptions {
  std::string_view header = "Local Address          Foreign Address        (state)";
  bool numbered_protocol = true;  // tcp4, tcp6; else tcp, tcp6
  std::string_view plain = "tcp4";
  bool addresses = false;  // -A
  bool verbose = false;    // macOS -v
};

// inetprint() in usr.bin/netstat/inet.c cuts an address that does not fit.
std::string bsd_netstat(const Sockets& sockets, const BsdOptions& with) {
  std::string out = "Active Internet connections (including servers)\n";
  if (with.addresses) out += "Tcpcb            ";
  out += fmt::format("Proto Recv-Q Send-Q  {}", with.header);
  if (with.verbose) out += "      rhiwat  shiwat    pid   epid state  options";
  out += "\n";
  uint64_t address = 0xfffff80012345000;
  for (const auto& s : sockets) {
    if (with.addresses) out += fmt::format("{:016x} ", address += 0x400);
    out += fmt::format("{:<5} {:>6} {:>6}  {:<22} {:<22} {:<11}", s.is_v6 ? "tcp6" : with.plain, s.recv_q,
                       s.send_q, written(s.local, s.is_v6, kDotted), written(s.remote, s.is_v6, kDotted),
                       name(s.state, Dialect::Bsd));
    if (with.verbose)
      out += fmt::format(" 131072  131768 {:>6}      0 00102 00000000",
                         s.holders.empty() ? 0 : s.holders[0].pid);
    out += "\n";
  }
  out += "udp4       0      0  *.514                  *.*\n";
  return out;
}

std::string solaris_netstat(const Sockets& sockets, bool users) {
  std::string out;
  const auto user_columns = [&](const Socket& s) {
    if (!users) return std::string();
    return s.holders.empty() ? "webservd 0      -              "
                             : fmt::format("webservd {:<6} {:<15}", s.holders[0].pid, s.holders[0].name);
  };
  for (const bool is_v6 : {false, true}) {
    const size_t width = is_v6 ? 45 : 21;
    out += fmt::format(
        "\nTCP: IPv{}\n   Local Address        Remote Address    {}Swind Send-Q Rwind Recv-Q    State\n",
        is_v6 ? 6 : 4, users ? "User    Pid    Command        " : "");
    out += "-------------------- -------------------- ----- ------ ----- ------ -----------\n";
    for (const auto& s : sockets) {
      if (s.is_v6 != is_v6) continue;
      out += fmt::format("{:<{}} {:<{}} {}{:>5} {:>6} {:>5} {:>6} {}\n", written(s.local, is_v6, kDotted),
                         width, written(s.remote, is_v6, kDotted), width, user_columns(s), 64128, s.send_q,
                         49152, s.recv_q, name(s.state, Dialect::Bsd));
    }
  }
  return out +
         "\nUDP: IPv4\n   Local Address        Remote Address      State\n      *.111                        "
         "         Idle\n";
}

std::string freebsd_sockstat(const Sockets& sockets, bool states) {
  std::string out = "USER     COMMAND    PID   FD  PROTO  LOCAL ADDRESS         FOREIGN ADDRESS       ";
  out += states ? "STATE\n" : "\n";
  for (const auto& s : sockets) {
    const auto owner = s.holders.empty() ? std::string("?        ?          ?     ?  ")
                                         : fmt::format("{:<8} {:<10} {:<5} {:<3}", "www", s.holders[0].name,
                                                       s.holders[0].pid, s.holders[0].fd);
    out += fmt::format("{} {:<6} {:<21} {:<21}", owner, s.is_v6 ? "tcp6" : "tcp4",
                       written(s.local, s.is_v6, kColon), written(s.remote, s.is_v6, kColon));
    if (states) out += fmt::format(" {}", name(s.state, Dialect::Bsd));
    out += "\n";
  }
  return out + "root     syslogd    55    7   udp4   *:514                 *:*\n";
}

std::string netbsd_sockstat(const Sockets& sockets) {
  std::string out = "USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS\n";
  for (const auto& s : sockets) {
    if (s.holders.empty()) continue;
    const auto& h = s.holders[0];
    out += fmt::format("{:<8} {:<10} {:<5} {:>2} {:<6} {:<21} {:<21}\n", "www", h.name, h.pid, h.fd,
                       s.is_v6 ? "tcp6" : "tcp", written(s.local, s.is_v6, kDotted),
                       written(s.remote, s.is_v6, kDotted));
  }
  return out;
}

// addr_to_string of procstat_files.c: a colon for IPv4, a dot for IPv6.
std::string procstat(const Sockets& sockets) {
  std::string out = "  PID COMM                FD T V FLAGS    REF  OFFSET PRO NAME\n";
  const auto end = [](const Endpoint& e, bool is_v6) {
    return written(e, is_v6, {.parting = is_v6 && !e.address.is_v4() ? "." : ":", .no_port = "0"});
  };
  for (const auto& s : sockets) {
    if (s.holders.empty()) continue;
    const auto& h = s.holders[0];
    out += fmt::format("{:>5} {:<16} {:>5} s - rw------   1       0 TCP {} {}\n", h.pid, h.name, h.fd,
                       end(s.local, s.is_v6), end(s.remote, s.is_v6));
    out += fmt::format("{:>5} {:<16} {:>5} v r r-------   1       0 -   /var/log/shop\n", h.pid, h.name, 2);
  }
  return out;
}

std::string openbsd_fstat(const Sockets& sockets) {
  std::string out = "USER     CMD          PID   FD MOUNT        INUM MODE       R/W    SZ|DV\n";
  const Written how{.brackets = true, .any = "*"};
  for (const auto& s : sockets) {
    if (s.holders.empty()) continue;
    const auto& h = s.holders[0];
    out += fmt::format("{:<8} {:<10} {:>5} {:>4}* internet{} stream tcp 0xffff800000a1b2c3 {}", "www", h.name,
                       h.pid, h.fd, s.is_v6 ? "6" : "", written(s.local, s.is_v6, how));
    if (s.state != State::Listen)
      out += fmt::format(" {} {}", h.fd % 2 == 0 ? "<--" : "-->", written(s.remote, s.is_v6, how));
    out += "\n";
  }
  return out;
}

Tool netstat_tool(const char* name, BsdOptions with, bool wide = false) {
  return {.name = name,
          .tells = {.queues = true, .pid = with.verbose},
          .is_wide = wide,
          .print = [with](const Sockets& s) { return bsd_netstat(s, with); }};
}

}  // namespace

std::vector<Tool> bsd_tools() {
  constexpr std::string_view kWide =
      "Local Address                                 Foreign Address                               (state)";
  const Tells held{.state = false, .pid = true, .name = true, .fd = true, .only_held = true};
  auto held_with_states = held;
  held_with_states.state = true;
  held_with_states.only_held = false;
  auto all_held = held;
  all_held.only_held = false;
  return {
      netstat_tool("netstat -an, macOS", {}),
      netstat_tool("netstat -anv, macOS", {.verbose = true}),
      netstat_tool("netstat -an, FreeBSD", {}),
      netstat_tool("netstat -AanW, FreeBSD", {.header = kWide, .addresses = true}, true),
      netstat_tool("netstat -an, OpenBSD",
                   {.header = "Local Address          Foreign Address        TCP-State", .plain = "tcp"}),
      netstat_tool("netstat -an, NetBSD",
                   {.header = "Local Address          Foreign Address        State", .plain = "tcp"}),
      netstat_tool("netstat -Aan, AIX", {.addresses = true}),
      netstat_tool("netstat -an, HP-UX", {.plain = "tcp"}),
      {.name = "netstat -an, Solaris",
       .tells = {.queues = true},
       .is_wide = true,
       .print = [](const Sockets& s) { return solaris_netstat(s, false); }},
      {.name = "netstat -anu, Solaris",
       .tells = {.queues = true, .pid = true, .name = true},
       .is_wide = true,
       .print = [](const Sockets& s) { return solaris_netstat(s, true); }},
      {.name = "sockstat, FreeBSD",
       .tells = all_held,
       .is_wide = true,
       .print = [](const Sockets& s) { return freebsd_sockstat(s, false); }},
      {.name = "sockstat -s, FreeBSD",
       .tells = held_with_states,
       .is_wide = true,
       .print = [](const Sockets& s) { return freebsd_sockstat(s, true); }},
      {.name = "sockstat, NetBSD", .tells = held, .print = netbsd_sockstat},
      {.name = "procstat -fa", .tells = held, .print = procstat},
      {.name = "fstat, OpenBSD", .tells = held, .is_wide = true, .print = openbsd_fstat},
  };
}

}  // namespace whywait::testing
