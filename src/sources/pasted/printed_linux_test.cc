// Prints as the tools of Linux do: netstat of net-tools and busybox, ss, lsof, /proc/net/tcp.
#include "sources/pasted/printed_test.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace whywait::testing {
namespace {

struct NetstatOptions {
  bool extended = false;  // -e
  bool programs = false;  // -p
  bool timers = false;    // -o
  bool mapped = false;    // as busybox and old ones write them
};

// net-tools, netstat.c, tcp_do_one.
std::string netstat_timer(const Timer& t) {
  const auto* kind = t.kind == TimerKind::None         ? "off"
                     : t.kind == TimerKind::Retransmit ? "on"
                     : t.kind == TimerKind::KeepAlive  ? "keepalive"
                     : t.kind == TimerKind::TimeWait   ? "timewait"
                                                       : "probe";
  const bool probes = t.kind == TimerKind::KeepAlive || t.kind == TimerKind::ZeroWindowProbe;
  return fmt::format("{} ({:.2f}/{}/{})", kind, static_cast<double>(t.expires_in.count()) / 1000,
                     probes ? 0 : t.retransmits, probes ? t.retransmits : 0);
}

std::string netstat(const Sockets& sockets, const NetstatOptions& with) {
  std::string out =
      "Active Internet connections (servers and established)\n"
      "Proto Recv-Q Send-Q Local Address           Foreign Address         State      ";
  if (with.extended) out += " User       Inode     ";
  if (with.programs) out += " PID/Program name    ";
  if (with.timers) out += " Timer";
  out += "\n";
  const Written how{.mapped = with.mapped};
  for (const auto& s : sockets) {
    out += fmt::format("{:<4}  {:>6} {:>6} {:<23} {:<23} {:<11}", s.is_v6 ? "tcp6" : "tcp", s.recv_q,
                       s.send_q, written(s.local, s.is_v6, how), written(s.remote, s.is_v6, how),
                       name(s.state, Dialect::NetTools));
    if (with.extended) out += fmt::format(" {:<10} {:<10}", s.uid, s.inode);
    const auto program = s.holders.empty() ? "-" : fmt::format("{}/{}", s.holders[0].pid, s.holders[0].name);
    if (with.programs) out += fmt::format(" {:<20}", program);
    if (with.timers) out += " " + netstat_timer(s.timer);
    out += "\n";
  }
  return out;
}

// print_ms_timer of misc/ss.c.
std::string ss_span(Milliseconds left) {
  auto ms = left.count() % 1000;
  auto seconds = left.count() / 1000 % 60;
  const auto minutes = left.count() / 60'000;
  std::string out;
  if (minutes > 0) {
    ms = 0;
    out += fmt::format("{}min", minutes);
    if (minutes > 9) seconds = 0;
  }
  if (seconds > 0) {
    if (seconds > 9) ms = 0;
    out += fmt::format("{}{}", seconds, ms > 0 ? "." : "sec");
  }
  if (ms > 0) out += fmt::format("{:03}ms", ms);
  return out;
}

std::string ss_timer(const Timer& t) {
  if (t.kind == TimerKind::None) return {};
  const auto* kind = t.kind == TimerKind::Retransmit  ? "on"
                     : t.kind == TimerKind::KeepAlive ? "keepalive"
                     : t.kind == TimerKind::TimeWait  ? "timewait"
                                                      : "persist";
  return fmt::format(" timer:({},{},{})", kind, ss_span(t.expires_in), t.retransmits);
}

struct SsOptions {
  bool programs = false;   // -p
  bool old_users = false;  // as before iproute2 4.0
  bool extended = false;   // -e
  bool details = false;    // -i
  bool one_line = false;   // -O
  bool netid = false;
  bool has_state = true;
};

std::string ss_users(const Socket& s, bool old) {
  std::vector<std::string> users;
  for (const auto& h : s.holders) {
    users.push_back(old ? fmt::format("(\"{}\",{},{})", h.name, h.pid, h.fd)
                        : fmt::format("(\"{}\",pid={},fd={})", h.name, h.pid, h.fd));
  }
  return users.empty() ? "" : fmt::format(" users:({})", fmt::join(users, ","));
}

std::string ss(const Sockets& sockets, const SsOptions& with) {
  std::string out = with.netid ? "Netid " : "";
  if (with.has_state) out += "State      ";
  out += "Recv-Q Send-Q Local Address:Port               Peer Address:Port Process\n";
  const Written how{.brackets = true, .mapped = true};
  for (const auto& s : sockets) {
    if (with.netid) out += "tcp   ";
    if (with.has_state) out += fmt::format("{:<11}", name(s.state, Dialect::Ss));
    out += fmt::format("{:<6} {:<6} {:>30} {:>30}", s.recv_q, s.send_q, written(s.local, s.is_v6, how),
                       written(s.remote, s.is_v6, how));
    if (with.programs) out += ss_users(s, with.old_users);
    if (with.extended) {
      out += ss_timer(s.timer);
      if (s.uid != 0) out += fmt::format(" uid:{}", s.uid);
      out += fmt::format(" ino:{} sk:{:x} cgroup:/system.slice/shop.service <->", s.inode, s.cookie);
    }
    if (with.details) {
      out += with.one_line ? " " : "\n\t ";
      out +=
          "cubic wscale:7,7 rto:204 rtt:3.2/1.6 mss:1448 pmtu:1500 cwnd:10 segs_in:3 send 36203773bps "
          "lastsnd:7200 lastrcv:7100 lastack:7050 pacing_rate 72396240bps minrtt:0.5";
    }
    out += "\n";
  }
  return out;
}

// One state, as `ss -tn state …` prints it, with the command line that says which.
std::string ss_of_one_state(const Sockets& sockets) {
  std::string out;
  for (const auto state : kAllStates) {
    Sockets of_state;
    std::copy_if(sockets.begin(), sockets.end(), std::back_inserter(of_state),
                 [&](const Socket& s) { return s.state == state; });
    std::string filter(name(state, Dialect::Ss));
    for (auto& c : filter) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (state == State::Established) filter = "established";
    if (!of_state.empty()) {
      out += fmt::format("[ops@web-1 ~]$ ss -tn state {}\n{}", filter, ss(of_state, {.has_state = false}));
    }
  }
  return out;
}

std::string escaped(std::string text) {
  for (size_t at = text.find(' '); at != std::string::npos; at = text.find(' ')) text.replace(at, 1, "\\x20");
  return text;
}

std::string lsof_name(const Socket& s) {
  const Written how{.brackets = true, .any = "*"};
  const auto local = written(s.local, s.is_v6, how);
  return s.state == State::Listen ? local : local + "->" + written(s.remote, s.is_v6, how);
}

// lsof has the states of net-tools.
std::string lsof(const Sockets& sockets) {
  std::string out = "COMMAND  PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n";
  for (const auto& s : sockets) {
    for (const auto& h : s.holders) {
      out += fmt::format("{:<7} {:>5} {:>4} {:>4}u {:>5} {:>6}      0t0  TCP {} ({})\n", escaped(h.name),
                         h.pid, "www", h.fd, s.is_v6 ? "IPv6" : "IPv4", s.inode, lsof_name(s),
                         name(s.state, Dialect::NetTools));
    }
  }
  return out;
}

std::string lsof_fields(const Sockets& sockets) {
  std::string out;
  for (const auto& s : sockets) {
    for (const auto& h : s.holders) {
      out += fmt::format(
          "p{}\ng{}\nR1\nc{}\nu33\nLwww\nf{}\nau\nl \ntIPv{}\nG0x80802;0x0\nd{}\no0t0\nPTCP\nn{}\n"
          "TST={}\nTQR={}\nTQS={}\n",
          h.pid, h.pid, h.name, h.fd, s.is_v6 ? 6 : 4, s.inode, lsof_name(s),
          name(s.state, Dialect::NetTools), s.recv_q, s.send_q);
    }
  }
  return out;
}

// Each 32-bit word as this machine has it in memory (tcp4_seq_show and tcp6_seq_show).
std::string proc_end(const Endpoint& end, bool is_v6) {
  std::string out;
  for (size_t i = is_v6 ? 0 : 12; i < 16; i += 4) {
    uint32_t word = 0;
    const bool is_any_v4 = is_v6 && end.address.is_unspecified();
    if (!is_any_v4) std::memcpy(&word, &end.address.bytes().at(i), sizeof word);
    out += fmt::format("{:08X}", word);
  }
  return out + fmt::format(":{:04X}", end.port);
}

unsigned proc_state(State state) {
  constexpr State kStates[] = {State::Established, State::SynSent,  State::SynReceived, State::FinWait1,
                               State::FinWait2,    State::TimeWait, State::Closed,      State::CloseWait,
                               State::LastAck,     State::Listen,   State::Closing};
  return 1 + static_cast<unsigned>(std::find(std::begin(kStates), std::end(kStates), state) -
                                   std::begin(kStates));
}

unsigned proc_timer(TimerKind kind) {
  switch (kind) {
    case TimerKind::None: return 0;
    case TimerKind::Retransmit: return 1;
    case TimerKind::KeepAlive: return 2;
    case TimerKind::TimeWait: return 3;
    case TimerKind::ZeroWindowProbe: return 4;
  }
  return 0;
}

std::string proc_net_tcp(const Sockets& sockets) {
  std::string out;
  for (const bool is_v6 : {false, true}) {
    out +=
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    int slot = 0;
    for (const auto& s : sockets) {
      if (s.is_v6 != is_v6) continue;
      const bool probes = s.timer.kind == TimerKind::KeepAlive || s.timer.kind == TimerKind::ZeroWindowProbe;
      out += fmt::format(
          "{:4}: {} {} {:02X} {:08X}:{:08X} {:02X}:{:08X} {:08X} {:5} {:8} {} 1 0000000000000000 20 4 30 10 "
          "-1\n",
          slot++, proc_end(s.local, is_v6), proc_end(s.remote, is_v6), proc_state(s.state),
          s.state == State::Listen ? 0 : s.send_q, s.recv_q, proc_timer(s.timer.kind),
          s.timer.expires_in.count() / 10, probes ? 0 : s.timer.retransmits, s.uid,
          probes ? s.timer.retransmits : 0, s.inode);
    }
  }
  return out;
}

Tool netstat_tool(const char* name, NetstatOptions with, bool wide) {
  return {.name = name,
          .tells = {.queues = true,
                    .uid = with.extended,
                    .inode = with.extended,
                    .timer = with.timers,
                    .pid = with.programs,
                    .name = with.programs},
          .is_wide = wide,
          .print = [with](const Sockets& s) { return netstat(s, with); }};
}

Tool ss_tool(const char* name, SsOptions with) {
  return {.name = name,
          .tells = {.queues = true,
                    .limit = true,
                    .uid = with.extended,
                    .inode = with.extended,
                    .cookie = with.extended,
                    .timer = with.extended,
                    .pid = with.programs,
                    .name = with.programs,
                    .fd = with.programs,
                    .all_holders = true},
          .is_wide = true,
          .print = [with](const Sockets& s) { return ss(s, with); }};
}

}  // namespace

std::vector<Tool> linux_tools() {
  const Tells held{
      .inode = true, .pid = true, .name = true, .fd = true, .all_holders = true, .only_held = true};
  auto held_and_queues = held;
  held_and_queues.queues = true;
  return {
      netstat_tool("netstat -an", {}, false),
      netstat_tool("netstat -anp", {.programs = true}, false),
      netstat_tool("netstat -ane", {.extended = true}, false),
      netstat_tool("netstat -anpo", {.programs = true, .timers = true}, false),
      netstat_tool("netstat -aneo", {.extended = true, .timers = true}, false),
      netstat_tool("netstat -anepoW", {.extended = true, .programs = true, .timers = true}, true),
      netstat_tool("netstat -anW", {}, true),
      netstat_tool("busybox netstat -anp", {.programs = true, .mapped = true}, false),
      netstat_tool("busybox netstat -anW", {.mapped = true}, true),
      ss_tool("ss -tan", {}),
      ss_tool("ss -an", {.netid = true}),
      ss_tool("ss -tanp", {.programs = true}),
      ss_tool("ss -tanp, old", {.programs = true, .old_users = true}),
      ss_tool("ss -tanpe", {.programs = true, .extended = true}),
      ss_tool("ss -tanpie", {.programs = true, .extended = true, .details = true}),
      ss_tool("ss -tanpieO", {.programs = true, .extended = true, .details = true, .one_line = true}),
      {.name = "ss -tn state …",
       .tells = {.queues = true, .limit = true},
       .is_wide = true,
       .print = ss_of_one_state},
      {.name = "lsof -nP -iTCP", .tells = held, .is_wide = true, .print = lsof},
      {.name = "lsof -nP -iTCP -F", .tells = held_and_queues, .is_wide = true, .print = lsof_fields},
      {.name = "/proc/net/tcp",
       .tells = {.queues = true, .uid = true, .inode = true, .timer = true},
       .is_wide = true,
       .print = proc_net_tcp},
  };
}

}  // namespace whywait::testing
