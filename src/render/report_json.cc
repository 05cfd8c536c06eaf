#include "core/row_index.h"
#include "render/chain_json.h"
#include "render/growth_json.h"
#include "render/ids.h"
#include "render/json.h"
#include "render/reasons.h"
#include "render/report.h"
#include "render/report_object.h"
#include "render/steps.h"
#include "render/words.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

// Remote ends named in a finding; the rest is in remote_total.
constexpr size_t kRemotes = 10;

Json age_json(std::span<const Case> cases) {
  const auto found = ages(cases);
  if (!found) return nullptr;
  return {{"oldest", json_of(found->oldest)}, {"newest", json_of(found->newest)}};
}

// How many of the connections each process holds; the connections in a listen queue are everybody's who may
// accept.
std::map<Pid, uint32_t> shares(std::span<const Case> cases) {
  std::map<Pid, uint32_t> out;
  for (const auto& c : cases) {
    if (!c.holders) continue;
    for (const auto pid : *c.holders) out[pid] += static_cast<uint32_t>(c.members.size());
  }
  return out;
}

// A dump may name a program and no pid, and never when it started.
Json process_json(Pid pid, uint32_t n, const Facts& facts) {
  const auto& p = facts.process(pid);
  const bool has_start = p && !facts.dump;
  return {{"pid", number(pid) < 0 ? Json() : Json(number(pid))},
          {"start_time", has_start ? Json(rfc3339(p->started)) : Json()},
          {"name", p ? Json(p->name) : Json()},
          {"count", n}};
}

// All of them, those with the most connections first; of as many, in the order of the finding.
Json processes_json(std::span<const Pid> pids, const std::map<Pid, uint32_t>& shares, const Facts& facts) {
  std::vector<std::pair<Pid, uint32_t>> counts;
  counts.reserve(pids.size());
  for (const auto pid : pids) {
    const auto it = shares.find(pid);
    counts.emplace_back(pid, it == shares.end() ? 0 : it->second);
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  auto out = Json::array();
  for (const auto& [pid, n] : counts) out.push_back(process_json(pid, n, facts));
  return out;
}

// The ports of a server; those of a client are ephemeral and mean nothing.
Json ports_json(std::span<const Case> cases, const Facts& facts) {
  std::vector<uint16_t> ports;
  for (const auto& c : cases) {
    if (c.side == Side::Client) continue;
    for (const auto& m : c.members) {
      const auto port = facts.table.connections[m.index].local.port;
      if (ports.empty() || ports.back() != port) ports.push_back(port);  // neighbours are mostly of one
    }
  }
  std::sort(ports.begin(), ports.end());
  ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
  return ports;
}

// The peers of a server by address, since their ports are ephemeral; the destinations of a client with their
// port.
struct Remote {
  Address address;
  std::optional<uint16_t> port;
  uint32_t count = 0;
};

std::vector<Remote> remotes(std::span<const Case> cases, const Facts& facts) {
  std::vector<Remote> out;
  RowIndex index;
  for (const auto& c : cases) {
    for (const auto& m : c.members) {
      const auto& end = facts.table.connections[m.index].remote;
      const auto port = c.side == Side::Server ? std::nullopt : std::optional(end.port);
      const auto hash = hash_of(Endpoint{end.address, port.value_or(0)}, 0);
      auto at =
          index.find(hash, [&](uint32_t i) { return out[i].address == end.address && out[i].port == port; });
      if (!at) {
        at = static_cast<uint32_t>(out.size());
        index.add(hash, *at);
        out.push_back({.address = end.address, .port = port});
      }
      ++out[*at].count;
    }
  }
  return out;
}

// The ones with the most connections.
Json remote_json(std::vector<Remote> all) {
  const auto shown = all.begin() + static_cast<ptrdiff_t>(std::min(all.size(), kRemotes));
  std::partial_sort(all.begin(), shown, all.end(), [](const Remote& a, const Remote& b) {
    return std::tie(b.count, a.address, a.port) < std::tie(a.count, b.address, b.port);
  });
  auto out = Json::array();
  for (auto it = all.begin(); it != shown; ++it) {
    out.push_back({{"address", whywait::text(it->address)},
                   {"port", it->port ? Json(*it->port) : Json()},
                   {"count", it->count}});
  }
  return out;
}

Json blocked_json(const Finding& f) {
  if (f.culprits.empty()) return nullptr;
  std::map<Block, uint32_t> kinds;
  for (const auto& culprit : f.culprits) {
    for (const auto& [kind, n] : culprit.blocked_on.threads) kinds[kind] += n;
  }
  auto threads = Json::object();
  for (const auto& [kind, n] : kinds) threads[std::string(id(kind))] = n;
  return {{"kind", id(f.culprits.front().blocked_on.kind)},
          {"threads", threads},
          {"detail", f.culprits.front().blocked_on.wait_channel.empty()
                         ? Json()
                         : Json(f.culprits.front().blocked_on.wait_channel)}};
}

// Half of what there is begins to be worth a word.
constexpr double kWorthAWord = 0.5;

Json exhausts_json(const Verdict& v, const Trend* trend, const Facts& facts) {
  if (trend != nullptr && trend->exhausts) return forecast_json(*trend->exhausts, facts);
  const auto& f = v.finding;
  int64_t used = 0;
  int64_t limit = 0;
  for (const auto& e : f.evidence) {
    if (e.kind == EvidenceKind::DescriptorsOpen) used = e.value;
    if (e.kind == EvidenceKind::DescriptorLimit) limit = e.value;
  }
  if (limit == 0 || double(used) < kWorthAWord * double(limit)) return nullptr;
  return {
      {"what", "descriptors"}, {"used", used}, {"limit", limit}, {"earliest", nullptr}, {"latest", nullptr}};
}

Json evidence_json(const Finding& f) {
  auto out = Json::array();
  for (const auto& e : f.evidence) {
    const auto& of = traits(e.kind);
    out.push_back({{"fact", of.id}, {"value", e.value}, {"unit", id(of.unit)}, {"source", id(of.source)}});
  }
  return out;
}

Json ruled_out_json(const Finding& f) {
  auto out = Json::array();
  for (const auto& r : f.ruled_out) out.push_back({{"cause", id(r.cause)}, {"because", id(r.because)}});
  return out;
}

Json remedy_json(const Verdict& v, const Facts& facts) {
  auto out = Json::array();
  for (const auto& s : steps(v, facts)) {
    out.push_back(
        {{"id", s.id}, {"command", s.command.empty() ? Json() : Json(s.command)}, {"note", s.note}});
  }
  return out;
}

template <class Part>
Json first_text(const std::vector<Pid>& pids, const Facts& facts, Part part) {
  if (pids.empty()) return nullptr;
  const auto& p = facts.process(pids.front());
  return p && !((*p).*part).empty() ? Json((*p).*part) : Json();
}

Json verdict_json(const Verdict& v, const Report& r) {
  const auto& facts = r.facts;
  const auto* trend = r.trend_of(v.id);
  const auto& f = v.finding;
  const auto& first = v.cases.front();
  std::vector<Pid> pids;
  for (const auto& culprit : f.culprits) pids.push_back(culprit.pid);
  const auto ends = remotes(v.cases, facts);
  return {{"id", v.id},
          {"cause", id(f.cause)},
          {"fault", f.fault},
          {"severity", id(f.severity)},
          {"confidence", id(f.confidence)},
          {"state", name(first.state)},
          {"count", count(v.cases)},
          {"processes", processes_json(pids, shares(v.cases), facts)},
          {"process_total", pids.size()},
          {"unit", first_text(pids, facts, &Process::unit)},
          {"container", first_text(pids, facts, &Process::container)},
          {"netns", static_cast<uint32_t>(first.netns)},
          {"local_ports", ports_json(v.cases, facts)},
          {"remote", remote_json(ends)},
          {"remote_total", ends.size()},
          {"acts", id(f.acts)},
          {"blocked_on", blocked_json(f)},
          {"wait_chain", chain_json(v.chain, facts)},
          {"age", age_json(v.cases)},
          {"growth", trend != nullptr ? growth_json(trend->growth) : Json()},
          {"exhausts", exhausts_json(v, trend, facts)},
          {"evidence", evidence_json(f)},
          {"ruled_out", ruled_out_json(f)},
          {"remedy", remedy_json(v, facts)}};
}

Json absence_json(const Absence& a, const char* how) {
  return {{"what", a.what}, {"why", a.why}, {how, in_one_line(a.remedy)}};
}

Json open_json(const Open& open, const Report& r) {
  const auto& facts = r.facts;
  const auto* trend = r.trend_of(open.id);
  auto candidates = Json::array();
  for (const auto c : open.candidates) candidates.push_back(id(c));
  auto missing = Json::array();
  for (const auto& need : open.needs) missing.push_back(absence_json(absence(need, facts), "how_to_know"));
  for (const auto question : open.open_questions)
    missing.push_back(absence_json(absence(question, facts), "how_to_know"));
  // The first candidate is the cause that was judged; the others are what fits as well.
  for (size_t i = 1; i < open.candidates.size(); ++i) {
    missing.push_back(absence_json(rivalry(open.candidates[i], facts), "how_to_know"));
  }
  const auto held = shares(open.cases);
  std::vector<Pid> pids;
  for (const auto& [pid, n] : held) pids.push_back(pid);
  const auto ends = remotes(open.cases, facts);
  return {{"id", open.id},
          {"state", name(open.cases.front().state)},
          {"count", count(open.cases)},
          {"processes", processes_json(pids, held, facts)},
          {"process_total", pids.size()},
          {"local_ports", ports_json(open.cases, facts)},
          {"remote", remote_json(ends)},
          {"remote_total", ends.size()},
          {"age", age_json(open.cases)},
          {"growth", trend != nullptr ? growth_json(trend->growth) : Json()},
          {"candidates", candidates},
          {"missing", missing}};
}

Json dump_json(const Facts& facts) {
  if (!facts.dump) return nullptr;
  const auto& d = *facts.dump;
  auto counted = Json::object();
  for (const auto& [state, n] : facts.tally) counted[std::string(name(state))] = n;
  return {{"name", facts.file},          {"rows", d.rows},
          {"repeated", d.repeated},      {"unconnected", d.unconnected},
          {"other_protocols", d.others}, {"titles", d.header_lines},
          {"skipped", d.skipped},        {"first_skipped", d.skipped > 0 ? Json(d.first_skipped) : Json()},
          {"cut_short", d.cut_short},    {"counted", counted}};
}

}  // namespace

Json report_object(const Report& r) {
  const auto& f = r.facts;
  auto states = Json::object();
  for (const auto& [state, n] : r.judgement.states) states[std::string(name(state))] = n;
  auto findings = Json::array();
  for (const auto& v : r.judgement.faults) findings.push_back(verdict_json(v, r));
  auto normal = Json::array();
  for (const auto& v : r.judgement.normal) normal.push_back(verdict_json(v, r));
  auto undecided = Json::array();
  for (const auto& open : r.judgement.undecided) undecided.push_back(open_json(open, r));
  auto not_seen = Json::array();
  for (const auto& gap : f.gaps) not_seen.push_back(absence_json(absence(gap, f), "remedy"));
  Json out = {{"schema", "whywait.report/2"},
              {"host", f.host},
              {"boot_id", f.boot_id},
              {"taken_at", rfc3339(f.taken_at)},
              {"took_ms", r.took.count()},
              {"source", f.source},
              {"status", id(status(f, r.judgement))},
              {"states", states},
              {"dump", dump_json(f)},
              {"findings", findings},
              {"normal", normal},
              {"undecided", undecided},
              {"not_seen", not_seen}};
  if (r.series != nullptr) out["series"] = series_json(*r.series);
  return out;
}

std::string report_json(const Report& r) { return dump(report_object(r)) + "\n"; }

}  // namespace whywait::render
