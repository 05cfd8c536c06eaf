#include "render/comparison.h"
#include "render/ends_words.h"
#include "render/ids.h"
#include "render/json.h"
#include "render/report_object.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

Json host_json(const HostDumps& host, Milliseconds took) {
  const auto* series = host.series ? &*host.series : nullptr;
  auto out =
      report_object({.facts = host.last(), .judgement = host.judgement, .took = took, .series = series});
  if (series != nullptr) out["same_host_because"] = because(series->known_by);
  return out;
}

Json relation_json(const Relation& relation) {
  return {{"kind", id(relation.kinship)}, {"because", because(relation)}};
}

Json end_json(const std::string& host, std::optional<State> state) {
  return {{"host", host}, {"state", state ? Json(name(*state)) : Json()}};
}

Json pair_json(const EndPair& pair, const HostDumps& first, const HostDumps& second) {
  const auto& host_of = [&](End end) -> const HostDumps& { return end == End::First ? first : second; };
  const auto& seen_by = host_of(pair.example_of);
  const auto& c = seen_by.last().table.connections[pair.example];
  Json acts;
  if (pair.acts) acts = {{"host", host_of(*pair.acts).name}, {"who", id(Actor::Process)}};
  return {{"a", end_json(first.name, pair.first)},
          {"b", end_json(second.name, pair.second)},
          {"count", pair.count},
          {"service_port", pair.service_port},
          {"service_host", host_of(pair.service).name},
          {"meaning", id(pair.together)},
          {"says", in_words(pair, printable(first.name), printable(second.name))},
          {"acts", acts},
          {"confidence", id(pair.confidence)},
          {"example",
           {{"host", seen_by.name}, {"local", whywait::text(c.local)}, {"remote", whywait::text(c.remote)}}}};
}

// Collects the entries of all hosts, each with its host.
Json gathered(const Json& hosts, const char* list) {
  auto out = Json::array();
  for (const auto& host : hosts) {
    for (auto item : host.at(list)) {
      item["host"] = host.at("host");
      out.push_back(std::move(item));
    }
  }
  return out;
}

Json summed_states(const Comparison& comparison) {
  std::map<State, uint64_t> sums;
  for (const auto& host : comparison.hosts) {
    for (const auto& [state, n] : host.judgement.states) sums[state] += n;
  }
  auto out = Json::object();
  for (const auto& [state, n] : sums) out[std::string(name(state))] = n;
  return out;
}

Json last_time(const Comparison& comparison) {
  std::optional<std::chrono::system_clock::time_point> last;
  for (const auto& host : comparison.hosts) {
    const auto time = time_of(host.last());
    if (time && (!last || *time > *last)) last = time;
  }
  return last ? Json(rfc3339(*last)) : Json();
}

Json hosts_json(const Comparison& comparison, Milliseconds took) {
  auto hosts = Json::array();
  for (const auto& host : comparison.hosts) hosts.push_back(host_json(host, took));
  auto pairs = Json::array();
  auto relations = Json::array();
  for (const auto& between : comparison.between) {
    const auto& first = comparison.hosts[between.first];
    const auto& second = comparison.hosts[between.second];
    for (const auto& pair : between.ends.pairs) pairs.push_back(pair_json(pair, first, second));
    auto relation = relation_json(between.ends.relation);
    relation["a"] = first.name;
    relation["b"] = second.name;
    relation["state_not_told"] = between.ends.of_unknown_state;
    relations.push_back(std::move(relation));
  }
  Json out = {{"schema", "whywait.report/2"},
              {"host", nullptr},
              {"boot_id", nullptr},
              {"taken_at", last_time(comparison)},
              {"took_ms", took.count()},
              {"source", nullptr},
              {"status", id(status(comparison))},
              {"states", summed_states(comparison)}};
  for (const auto* list : {"findings", "normal", "undecided", "not_seen"}) out[list] = gathered(hosts, list);
  out["hosts"] = std::move(hosts);
  out["pairs"] = std::move(pairs);
  if (comparison.between.size() == 1)
    out["relation"] = relation_json(comparison.between.front().ends.relation);
  out["relations"] = std::move(relations);
  return out;
}

}  // namespace

std::string comparison_json(const Compared& compared) {
  const auto& [comparison, took] = compared;
  const auto json =
      comparison.hosts.size() == 1 ? host_json(comparison.hosts.front(), took) : hosts_json(comparison, took);
  return dump(json) + "\n";
}

}  // namespace whywait::render
