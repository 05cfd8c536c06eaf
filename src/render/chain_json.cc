#include "render/chain_json.h"

#include "render/ids.h"

#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

Json party_json(Pid pid, const Facts& facts) {
  const auto& p = facts.process(pid);
  return {{"pid", number(pid)}, {"name", p ? Json(p->name) : Json()}};
}

Json hop_json(const Hop& hop, const Facts& facts) {
  auto from = party_json(hop.from, facts);
  from["threads"] = hop.threads;
  from["tid"] = number(hop.tid);
  Json via = {{"kind", id(hop.via)}};
  Json to = hop.to ? party_json(*hop.to, facts) : Json();
  switch (hop.via) {
    case Hop::Via::Connection: {
      const auto& c = facts.table.connections[hop.row];
      via["local"] = json_of(c.local);
      via["remote"] = json_of(c.remote);
      if (!hop.to) to = json_of(c.remote);
      break;
    }
    case Hop::Via::UnixSocket:
    case Hop::Via::Pipe: via["inode"] = hop.inode; break;
    case Hop::Via::Lock: to["tid"] = number(hop.owner); break;
    case Hop::Via::FileLock: break;
  }
  return {{"from", from}, {"to", to}, {"via", via}, {"confidence", id(hop.confidence)}, {"loops", hop.loops}};
}

}  // namespace

Json chain_json(const WaitChain& chain, const Facts& facts) {
  auto out = Json::array();
  for (const auto& hop : chain.hops) out.push_back(hop_json(hop, facts));
  return out;
}

}  // namespace whywait::render
