// Prints as Windows does: netstat, and Get-NetTCPConnection of PowerShell in all its layouts.
#include "sources/pasted/printed_test.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace whywait::testing {
namespace {

struct NetstatOptions {
  bool pids = false;      // -o
  bool programs = false;  // -b
  bool bound = false;     // -q
  bool times = false;     // -i, of Windows 11
  bool times_first = false;
};

int32_t pid_of(const Socket& s) { return s.holders.empty() ? 0 : s.holders[0].pid; }

// A service is named before the program that it is in.
std::string program_below(const Socket& s) {
  if (s.holders.empty()) return " Can not obtain ownership information\n";
  return fmt::format("{} [{}]\n", pid_of(s) % 3 == 0 ? "  RpcSs\n" : "", s.holders[0].name);
}

std::string numbers_after(const Socket& s, const NetstatOptions& with) {
  const auto time = with.times ? fmt::format("{}", s.age.count()) : "";
  auto pid = with.pids ? fmt::format(" {}", pid_of(s)) : "";
  if (!with.times) return pid;
  return with.times_first ? fmt::format(" {:<18}{}", time, pid) : fmt::format("{}     {}", pid, time);
}

std::string netstat(const Sockets& sockets, const NetstatOptions& with) {
  std::string out =
      "\nActive Connections\n\n  Proto  Local Address          Foreign Address        State          ";
  if (with.times && with.times_first) out += " Time in State (ms)";
  if (with.pids) out += " PID";
  if (with.times && !with.times_first) out += "      Time in State (ms)";
  out += "\n";
  const Written how{.brackets = true, .no_port = "0"};
  for (const auto& s : sockets) {
    out += fmt::format("  TCP    {:<22} {:<22} {:<15}", written(s.local, s.is_v6, how),
                       written(s.remote, s.is_v6, how), name(s.state, Dialect::Windows));
    out += numbers_after(s, with) + "\n";
    if (with.programs) out += program_below(s);
    if (with.bound && s.state == State::Established)
      out += fmt::format("  TCP    {:<22} {:<22} BOUND           {}\n", written(s.local, s.is_v6, how),
                         s.is_v6 ? "[::]:0" : "0.0.0.0:0", pid_of(s));
  }
  return out + "  UDP    0.0.0.0:500            *:*                                    3144\n";
}

constexpr const char* kColumns[] = {"LocalAddress", "LocalPort", "RemoteAddress",
                                    "RemotePort",   "State",     "OwningProcess"};

std::vector<std::string> cells(const Socket& s) {
  return {text(s.local.address),
          fmt::format("{}", s.local.port),
          text(s.remote.address),
          fmt::format("{}", s.remote.port),
          std::string(name(s.state, Dialect::PowerShell)),
          fmt::format("{}", pid_of(s))};
}

std::string wide_table(const Sockets& sockets) {
  std::string out =
      "\nLocalAddress                        LocalPort RemoteAddress                       RemotePort State  "
      "     AppliedSetting OwningProcess\n"
      "------------                        --------- -------------                       ---------- -----    "
      "   -------------- -------------\n";
  for (const auto& s : sockets) {
    const auto c = cells(s);
    // A listener has no setting.
    out += fmt::format("{:<35} {:<9} {:<35} {:<10} {:<11} {:<14} {}\n", c[0], c[1], c[2], c[3], c[4],
                       s.state == State::Listen ? "" : "Internet", c[5]);
  }
  return out;
}

std::string narrow_table(const Sockets& sockets) {
  std::string out =
      "\nLocalAddress    LocalPort RemoteAddress   RemotePort       State\n"
      "------------    --------- -------------   ----------       -----\n";
  for (const auto& s : sockets) {
    const auto c = cells(s);
    out += fmt::format("{:<15} {:<9} {:<15} {:<10} {:>11}\n", c[0], c[1], c[2], c[3], c[4]);
  }
  return out;
}

std::string list(const Sockets& sockets) {
  std::string out;
  for (const auto& s : sockets) {
    const auto c = cells(s);
    out += "\n\n";
    for (size_t i = 0; i < c.size(); ++i) {
      out += fmt::format("{:<14} : {}\n", kColumns[i], c[i]);
      if (i == 4) out += "AppliedSetting : Internet\n";
    }
    out += "CreationTime   : 11/25/2026 9:01:02 AM\nOffloadState   : InHost\n";
  }
  return out;
}

std::string csv(const Sockets& sockets, char by, bool quoted) {
  const auto line = [&](const std::vector<std::string>& of) {
    std::string out;
    for (const auto& cell : of) {
      if (!out.empty()) out += by;
      out += quoted ? "\"" + cell + "\"" : cell;
    }
    return out + "\n";
  };
  std::string out =
      "#TYPE Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetTCPConnection\n";
  out += line({std::begin(kColumns), std::end(kColumns)});
  for (const auto& s : sockets) out += line(cells(s));
  return out;
}

// MIB_TCP_STATE.
unsigned mib_state(State state) {
  constexpr State kStates[] = {State::Closed,      State::Listen,   State::SynSent,  State::SynReceived,
                               State::Established, State::FinWait1, State::FinWait2, State::CloseWait,
                               State::Closing,     State::LastAck,  State::TimeWait};
  return 1 + static_cast<unsigned>(std::find(std::begin(kStates), std::end(kStates), state) -
                                   std::begin(kStates));
}

std::string json(const Sockets& sockets, bool pretty) {
  const std::string end = pretty ? "\r\n" : "";
  const std::string indent = pretty ? "        " : "";
  const std::string blanks = pretty ? "  " : "";
  std::vector<std::string> objects;
  for (const auto& s : sockets) {
    const auto c = cells(s);
    std::vector<std::string> members = {
        fmt::format("{}\"Caption\":{}null", indent, blanks),
        fmt::format(R"({}"LocalAddress":{}"{}")", indent, blanks, c[0]),
        fmt::format("{}\"LocalPort\":{}{}", indent, blanks, c[1]),
        fmt::format("{}\"OwningProcess\":{}{}", indent, blanks, c[5]),
        fmt::format(R"({}"RemoteAddress":{}"{}")", indent, blanks, c[2]),
        fmt::format("{}\"RemotePort\":{}{}", indent, blanks, c[3]),
        fmt::format("{}\"State\":{}{}", indent, blanks, mib_state(s.state)),
    };
    objects.push_back(
        fmt::format("{0}{{{1}{2}{1}{0}}}", pretty ? "    " : "", end, fmt::join(members, "," + end)));
  }
  return fmt::format("[{1}{0}{1}]\n", fmt::join(objects, "," + end), end);
}

Tool netstat_tool(const char* name, NetstatOptions with) {
  return {.name = name,
          .tells = {.age = with.times, .pid = with.pids, .name = with.programs},
          .is_wide = true,
          .print = [with](const Sockets& s) { return netstat(s, with); }};
}

Tool powershell(const char* name, std::string (*print)(const Sockets&), bool wide = true, bool pid = true) {
  return {.name = name, .tells = {.pid = pid}, .is_wide = wide, .print = print};
}

}  // namespace

std::vector<Tool> windows_tools() {
  return {
      netstat_tool("netstat -an, Windows", {}),
      netstat_tool("netstat -ano, Windows", {.pids = true}),
      netstat_tool("netstat -anob, Windows", {.pids = true, .programs = true}),
      netstat_tool("netstat -anoq, Windows", {.pids = true, .bound = true}),
      netstat_tool("netstat -anoi, Windows 11", {.pids = true, .times = true}),
      netstat_tool("netstat -anoi, Windows 11, time first",
                   {.pids = true, .times = true, .times_first = true}),
      netstat_tool("netstat -ani, Windows 11", {.times = true}),
      powershell("Get-NetTCPConnection, wide", wide_table),
      powershell("Get-NetTCPConnection, narrow", narrow_table, false, false),
      powershell("Get-NetTCPConnection | fl", list),
      powershell("Get-NetTCPConnection | ConvertTo-Csv", [](const Sockets& s) { return csv(s, ',', true); }),
      powershell("… -Delimiter ';' without quotes", [](const Sockets& s) { return csv(s, ';', false); }),
      powershell("Get-NetTCPConnection | ConvertTo-Json", [](const Sockets& s) { return json(s, true); }),
      powershell("… -Compress", [](const Sockets& s) { return json(s, false); }),
  };
}

}  // namespace whywait::testing
