#include "render/chain_words.h"

#include "render/ids.h"
#include "render/page.h"
#include "render/words.h"

#include <fmt/format.h>

namespace whywait::render {
namespace {

std::string hop_line(const Hop& hop, const Facts& facts) {
  const auto to = hop.to ? who(*hop.to, facts) : std::string("somebody that is not seen");
  const auto from = who(hop.from, facts);
  const auto sure = hop.confidence == Confidence::Certain ? "" : fmt::format(", {}", id(hop.confidence));
  switch (hop.via) {
    case Hop::Via::Connection: {
      const auto& end = facts.table.connections[hop.row].remote;
      return hop.to
                 ? fmt::format("{} waits on its connection to {}{}: {}", from, whywait::text(end), sure, to)
                 : fmt::format("{} waits on its connection to {}{}", from, whywait::text(end), sure);
    }
    case Hop::Via::UnixSocket: return fmt::format("{} waits on a UNIX socket{}: {}", from, sure, to);
    case Hop::Via::Pipe: return fmt::format("{} waits on a pipe{}: {}", from, sure, to);
    case Hop::Via::FileLock: return fmt::format("{} waits for a file lock{}: {}", from, sure, to);
    case Hop::Via::Lock:
      return fmt::format("{} of {} for a lock that thread {} has", plural(hop.threads, "thread"), from,
                         number(hop.owner));
  }
  return {};
}

}  // namespace

std::vector<std::string> chain_lines(const WaitChain& chain, const Facts& facts) {
  std::vector<std::string> out;
  for (const auto& hop : chain.hops) out.push_back(hop_line(hop, facts));
  if (out.empty()) return out;
  const auto& last = chain.hops.back();
  if (last.loops) {
    out.back() += ": they wait for each other";
  } else if (last.to && chain.waits_back) {
    out.back() += ", which waits for more of the same connection";
  } else if (last.to && chain.end) {
    out.back() += fmt::format(", which is {}", in_words(chain.end->kind));
  }
  return out;
}

std::string end_of_chain(const Verdict& verdict, const Facts& facts) {
  const auto& hops = verdict.chain.hops;
  if (hops.empty() || hops.back().loops) return {};
  const auto& last = hops.back();
  if (last.to == verdict.finding.culprits.front().pid) return {};
  if (last.to) return who(*last.to, facts);
  if (last.via != Hop::Via::Connection) return {};
  return whywait::text(facts.table.connections[last.row].remote);
}

}  // namespace whywait::render
