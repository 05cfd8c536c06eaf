#include "testing/dump.h"

#include "testing/world.h"

namespace whywait::testing {
// "10.0.0.1:80", or "name:80" for an end that a dump prints by name.
Endpoint DumpBuilder::endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto host = text.substr(0, colon);
  const auto address = Address::parse(host);
  return {address ? *address : Address::named(host, *names_),
          static_cast<uint16_t>(std::stoi(std::string(text.substr(colon + 1))))};
}

DumpBuilder::DumpBuilder(const std::string& name, Milliseconds at) {
  facts_.source = "netstat/linux";
  facts_.dump.emplace();
  facts_.table.names = names_;
  facts_.file = name;
  facts_.taken_at = std::chrono::system_clock::time_point(std::chrono::hours(24 * 365 * 50)) + at;
  facts_.holders = tl::unexpected(Missing::NotOffered);
  facts_.details = tl::unexpected(Missing::NotOffered);
}

DumpBuilder& DumpBuilder::listens(std::string_view local) {
  Connection c;
  c.state = State::Listen;
  c.local = endpoint(local);
  facts_.table.connections.push_back(c);
  return *this;
}

DumpBuilder& DumpBuilder::rows(State state, std::string_view local, std::string_view remote, uint32_t count,
                               uint16_t from) {
  for (uint32_t i = 0; i < count; ++i) {
    Connection c;
    c.state = state;
    c.local = endpoint(local);
    c.remote = endpoint(remote);
    auto& port = c.local.port == 0 ? c.local.port : c.remote.port;
    if (port == 0) port = static_cast<uint16_t>(from + i);
    c.set_recv_q(state == State::CloseWait ? 1 : 0);
    c.set_send_q(0);
    facts_.table.connections.push_back(c);
  }
  return *this;
}

DumpBuilder server(const std::string& name, Milliseconds at, uint32_t stuck) {
  DumpBuilder d(name, at);
  d.listens("0.0.0.0:8443").rows(State::CloseWait, "10.0.0.1:8443", "10.0.0.9:0", stuck, 40000);
  return d;
}

Facts leak(uint32_t count, Milliseconds at, uint32_t open) {
  World w;
  w.process(2817, "payments").listener(8443, {2817});
  w.edit(2817).descriptors = Descriptors{.open = open, .pipes = 0, .limit = 8192};
  auto facts = w.close_wait({.count = count, .port = 8443, .pids = {2817}, .recv_q = 0}).facts();
  facts.boot_id = "one";
  facts.taken_at = DumpBuilder("", at).facts().taken_at;
  return facts;
}

DumpBuilder db(Milliseconds at) {
  DumpBuilder d("db.txt", at);
  d.listens("0.0.0.0:5432").rows(State::Established, "10.0.0.1:5432", "10.0.0.9:0", 5, 50000);
  return d;
}

DumpBuilder web(Milliseconds at) {
  DumpBuilder d("web.txt", at);
  d.listens("0.0.0.0:80").rows(State::Established, "10.0.0.9:0", "10.0.0.1:5432", 5, 50000);
  return d;
}

Comparison compared(std::vector<Facts> dumps, std::optional<Milliseconds> interval) {
  return compare(std::move(dumps), interval, offer_no_more);
}

const StateGrowth* growth_of(const Comparison& comparison, State state) {
  const auto& states = comparison.hosts.at(0).series->states;
  const auto it =
      std::find_if(states.begin(), states.end(), [&](const StateGrowth& s) { return s.state == state; });
  return it == states.end() ? nullptr : &*it;
}

const Trend* trend_of(const Comparison& comparison, const std::string& id) {
  const auto& trends = comparison.hosts.at(0).series->trends;
  const auto it = trends.find(id);
  return it == trends.end() ? nullptr : &it->second;
}

}  // namespace whywait::testing
