#include "testing/blocked_host.h"

#include <string>
#include <utility>

namespace whywait::testing {
namespace {

constexpr Pid kServer{1};
constexpr int32_t kFirstClient = 10;
constexpr int32_t kFirstThread = 100'000;
constexpr uint32_t kPorts = 60'000;

void add_process(Facts& facts, Pid pid) {
  Process p;
  p.pid = pid;
  p.name = "p" + std::to_string(number(pid));
  facts.processes.emplace(pid, std::move(p));
  facts.threads.emplace(pid, Threads{});
}

// An address of the loopback for each full set of ports.
Endpoint client_end(uint32_t pair) {
  return {Address::v4({127, 0, static_cast<uint8_t>(1 + pair / kPorts), 1}),
          static_cast<uint16_t>(1024 + pair % kPorts)};
}

}  // namespace

BlockedHost blocked_host(uint32_t rows, uint32_t threads, uint32_t processes) {
  BlockedHost out;
  auto& facts = out.facts;
  const Endpoint server{Address::v4({127, 0, 0, 1}), 80};
  HolderTable holders;
  add_process(facts, kServer);
  for (uint32_t i = 0; i < processes; ++i) {
    out.clients.push_back(Pid{kFirstClient + static_cast<int32_t>(i)});
    add_process(facts, out.clients.back());
  }
  const uint32_t pairs = rows / 2;
  const uint32_t every = pairs / threads;
  for (uint32_t pair = 0; pair < pairs; ++pair) {
    const auto inode = 1000 + 2 * pair;
    const auto n = pair / every;
    const auto pid = out.clients[n % processes];
    Connection client;
    client.state = State::Established;
    client.local = client_end(pair);
    client.remote = server;
    client.set_inode(inode);
    Connection accepted = client;
    std::swap(accepted.local, accepted.remote);
    accepted.set_inode(inode + 1);
    facts.table.connections.push_back(client);
    facts.table.connections.push_back(accepted);
    holders.rows.push_back({.inode = inode, .pid = pid, .fd = 3});
    holders.rows.push_back({.inode = inode + 1, .pid = kServer, .fd = 3});
    if (pair % every != every - 1 || n >= threads) continue;
    Thread t;
    t.tid = Tid{kFirstThread + static_cast<int32_t>(n)};
    t.system_call = SystemCall{.call = Call::Receive, .fd = 3};
    t.file = CallFile{CallFile::Kind::Socket, inode};
    facts.threads.at(pid)->list.push_back(std::move(t));
  }
  holders.sort();
  facts.holders = std::move(holders);
  return out;
}

}  // namespace whywait::testing
