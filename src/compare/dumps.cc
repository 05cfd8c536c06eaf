#include "compare/dumps.h"

#include <algorithm>
#include <set>
#include <utility>

namespace whywait {
namespace {

struct Known {
  HostDumps* host = nullptr;
  Relation by;
};

// The first host of which it is a dump as well.
Known host_of(const Facts& facts, std::vector<HostDumps>& hosts) {
  for (auto& host : hosts) {
    for (const auto& other : host.dumps) {
      const auto relation = relate(other, facts);
      if (relation.kinship == Kinship::SameHost) return {&host, relation};
    }
  }
  return {};
}

std::vector<HostDumps> sort_by_host(std::vector<Facts> dumps) {
  std::vector<HostDumps> hosts;
  for (auto& facts : dumps) {
    const auto known = host_of(facts, hosts);
    auto& host = known.host == nullptr ? hosts.emplace_back() : *known.host;
    if (known.host != nullptr) host.series.emplace().known_by = known.by;
    host.dumps.push_back(std::move(facts));
  }
  return hosts;
}

void name_apart(std::vector<HostDumps>& hosts) {
  std::set<std::string> taken;
  for (auto& host : hosts) {
    const auto plain = name_of(host.last());
    host.name = plain;
    for (int n = 2; !taken.insert(host.name).second; ++n) host.name = plain + " (" + std::to_string(n) + ")";
    for (auto& facts : host.dumps) facts.host = host.name;
  }
}

int badness(Status status) {
  switch (status) {
    case Status::Ok: return 0;
    case Status::Unknown: return 1;
    case Status::Notice: return 2;
    case Status::Warning: return 3;
    case Status::Critical: return 4;
  }
  return 0;
}

}  // namespace

Comparison compare(std::vector<Facts> dumps, std::optional<Milliseconds> interval, const Collect& collect) {
  Comparison out{.hosts = sort_by_host(std::move(dumps)), .between = {}};
  for (auto& host : out.hosts) {
    if (host.series) host.series = make_series(host.dumps, interval, host.series->known_by);
    host.judgement = diagnose(host.dumps.back(), collect);
    if (host.series) host.series->trends = trends_of(host.judgement, host.dumps, *host.series);
  }
  for (size_t i = 0; i < out.hosts.size(); ++i) {
    for (size_t k = i + 1; k < out.hosts.size(); ++k) {
      const auto& first = out.hosts[i].last();
      const auto& second = out.hosts[k].last();
      const auto relation = relate(first, second);
      BetweenHosts between{.first = i, .second = k, .ends = {.relation = relation, .pairs = {}}};
      if (relation.kinship == Kinship::Mirrored || relation.kinship == Kinship::Translated)
        between.ends = pair_ends(first, second, relation);
      out.between.push_back(std::move(between));
    }
  }
  name_apart(out.hosts);
  return out;
}

Status status(const Comparison& comparison) {
  auto worst = Status::Ok;
  for (const auto& host : comparison.hosts) {
    const auto one = status(host.last(), host.judgement);
    if (badness(one) > badness(worst)) worst = one;
  }
  return worst;
}

}  // namespace whywait
