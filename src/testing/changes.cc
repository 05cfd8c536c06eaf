#include "testing/changes.h"

#include "diagnose/diagnose.h"
#include "sources/saved/saved.h"
#include "testing/packed.h"

#include <array>
#include <vector>

#include <fmt/format.h>

namespace whywait::testing {
namespace {

// The same new name for the same old one: thirty of one name stay one service.
Facts renamed(Facts f) {
  for (auto& [pid, p] : f.processes) {
    if (!p) continue;
    p->name = "x" + p->name;
    p->command_line = "y";
    if (!p->unit.empty()) p->unit = "z" + p->unit;
  }
  return f;
}

// By as much that none becomes ephemeral that was not, or the reverse.
Facts on_other_ports(Facts f) {
  constexpr uint16_t kShift = 777;
  for (auto& c : f.table.connections) {
    for (auto* end : {&c.local, &c.remote}) {
      if (end->port != 0) end->port = static_cast<uint16_t>(end->port + kShift);
    }
  }
  return f;
}

using Ports = std::set<uint16_t>;

// The client's end of each second connection has another address, so that the two cannot be confused.
void move_clients(Connection& c, const Ports& served) {
  for (auto* end : {&c.local, &c.remote}) {
    if (served.contains(end->port) || end->port == 0) continue;
    auto bytes = end->address.bytes();
    bytes.back() = static_cast<uint8_t>(bytes.back() + 100);
    end->address = Address::v6(bytes);
  }
}

// A port is served if it is listened on, or if many connections have it.
Ports served_by(const Facts& f) {
  std::map<uint16_t, int> uses;
  Ports out;
  for (const auto& c : f.table.connections) {
    if (c.state == State::Listen) out.insert(c.local.port);
    for (const auto port : {c.local.port, c.remote.port}) ++uses[port];
  }
  constexpr int kBothEndsSeen = 2;
  for (const auto& [port, n] : uses) {
    if (n > kBothEndsSeen) out.insert(port);
  }
  return out;
}

constexpr uint32_t kApart = 100'000'000;

void double_holders(HolderTable& holders, const std::set<uint32_t>& listening) {
  for (auto* held : {&holders.rows, &holders.rings}) {
    for (const auto& h : std::vector<Holder>(*held)) {
      if (!listening.contains(h.inode)) held->push_back({h.inode + kApart, h.pid, h.fd + 100'000});
    }
  }
  holders.sort();
}

// Duplicates everything except processes and their listeners, and doubles their threads.
Facts doubled(const Facts& f) {
  Facts out = f;
  const auto served = served_by(f);
  std::set<uint32_t> listening;
  const auto rows = static_cast<uint32_t>(f.table.connections.size());
  for (uint32_t row = 0; row < rows; ++row) {
    auto c = f.table.connections[row];
    if (c.state == State::Listen) {
      listening.insert(c.inode().value_or(0));
      continue;
    }
    move_clients(c, served);
    if (c.inode().value_or(0) != 0) c.set_inode(*c.inode() + kApart);
    if (c.cookie()) c.set_cookie(*c.cookie() + kApart);
    const auto copy = static_cast<uint32_t>(out.table.connections.size());
    out.table.connections.push_back(c);
    auto later = f.second.of(row);
    if (later && later->is_there) {
      later->cookie = c.cookie();
      if (later->inode.value_or(0) != 0) later->inode = *later->inode + kApart;
    }
    if (later || later.error() != Missing::NotAsked) out.second.add(copy, later);
    if (!f.details) continue;
    auto detail = f.details->of(row);
    detail.row = copy;
    out.details->rows.push_back(detail);
  }
  if (out.holders) double_holders(*out.holders, listening);
  for (auto& [pid, threads] : out.threads) {
    if (!threads) continue;
    const auto once = threads->list;
    threads->list.insert(threads->list.end(), once.begin(), once.end());
  }
  return out;
}

// Only what was read live is saved.
Facts saved_and_read(const Facts& f) { return f.dump ? f : *read_again(f); }

Facts redacted(const Facts& f) { return f.dump ? f : saved::redact(f, {4711}); }

}  // namespace

std::span<const Change> all_changes() {
  static const std::array all = {Change{"renamed", renamed}, Change{"on other ports", on_other_ports},
                                 Change{"doubled", doubled}, Change{"saved and read", saved_and_read},
                                 Change{"redacted", redacted}};
  return all;
}

std::multiset<std::string> verdicts(const Facts& facts) {
  std::multiset<std::string> out;
  const auto j = judge(facts);
  const auto add = [&](const Verdict& v) {
    out.insert(fmt::format("{} {} {} {}", v.finding.fault ? "fault" : "normal", id(v.finding.cause),
                           name(v.cases.front().state), static_cast<int>(v.finding.confidence)));
  };
  for (const auto& v : j.faults) add(v);
  for (const auto& v : j.normal) add(v);
  for (const auto& open : j.undecided) {
    std::string candidates;
    for (const auto c : open.candidates) candidates += fmt::format(" {}", id(c));
    out.insert("undecided" + candidates);
  }
  return out;
}

}  // namespace whywait::testing
