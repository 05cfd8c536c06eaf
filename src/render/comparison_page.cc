#include "render/comparison.h"
#include "render/elsewhere.h"
#include "render/ends_words.h"
#include "render/ids.h"
#include "render/report.h"

#include <algorithm>

#include <fmt/format.h>

namespace whywait::render {
namespace {

constexpr size_t kPairsShown = 12;

std::string place(const EndPair& pair, std::string_view first, std::string_view second) {
  return fmt::format("{} on :{} of {}", grouped(pair.count), pair.service_port,
                     pair.service == End::First ? first : second);
}

bool needs_an_example(PairEvidence together) {
  switch (together) {
    case PairEvidence::Gone:
    case PairEvidence::MustClose:
    case PairEvidence::Unanswered:
    case PairEvidence::NotAtOnce: return true;
    case PairEvidence::OnTheWay:
    case PairEvidence::Open:
    case PairEvidence::Over:
    case PairEvidence::NotSeen: return false;
  }
  return false;
}

std::string example(const EndPair& pair, const Facts& first, const Facts& second) {
  const auto& facts = pair.example_of == End::First ? first : second;
  const auto& c = facts.table.connections[pair.example];
  return fmt::format("{}-{}", whywait::text(c.local), whywait::text(c.remote));
}

std::string pair_line(const EndPair& pair, const HostDumps& one, const HostDumps& other) {
  const auto first = printable(one.name);
  const auto second = printable(other.name);
  auto line = fmt::format("{}, {}: {}", place(pair, first, second), id(pair.confidence),
                          in_words(pair, first, second));
  if (needs_an_example(pair.together))
    line += fmt::format(" ({}{})", pair.count > 1 ? "such as " : "", example(pair, one.last(), other.last()));
  return line;
}

// Connections of which the other dump shows nothing, in one line.
std::string not_shown_line(const PairedEnds& ends) {
  uint64_t count = 0;
  for (const auto& pair : ends.pairs) count += pair.together == PairEvidence::NotSeen ? pair.count : 0;
  if (count == 0) return {};
  return fmt::format("{} more, of which the dump of the other host does not show whether its side is there",
                     plural(count, "connection"));
}

// The command that compares them, with all that JSON has.
std::string command_of(const Comparison& all) {
  std::string out = "whywait";
  for (const auto& host : all.hosts) {
    for (const auto& dump : host.dumps) out += from_option(dump);
  }
  return out + " --json";
}

void add_between(Page& page, const BetweenHosts& between, const Comparison& all) {
  const auto& one = all.hosts[between.first];
  const auto& other = all.hosts[between.second];
  const auto& ends = between.ends;
  page.section("BETWEEN").line(
      fmt::format("{} and {}: {}", printable(one.name), printable(other.name), because(ends.relation)));
  size_t shown = 0;
  size_t hidden = 0;
  for (const auto& pair : ends.pairs) {
    if (pair.together == PairEvidence::NotSeen) continue;
    if (shown == kPairsShown) {
      ++hidden;
      continue;
    }
    ++shown;
    page.line(pair_line(pair, one, other));
  }
  if (hidden > 0) page.command(command_of(all), fmt::format("and {} more", hidden));
  if (const auto line = not_shown_line(ends); !line.empty()) page.line(line);
  if (ends.of_unknown_state > 0)
    page.line(
        fmt::format("{} more, of which one dump tells no state", plural(ends.of_unknown_state, "pair")));
}

// Most pairs of many hosts are unrelated.
bool is_worth_a_line(const BetweenHosts& between, const Comparison& all) {
  return all.hosts.size() == 2 || between.ends.relation.kinship != Kinship::Unrelated;
}

}  // namespace

Page comparison_page(const Compared& compared) {
  Page page;
  const auto& [comparison, took] = compared;
  for (const auto& host : comparison.hosts) {
    if (!page.parts().empty()) page.blank();
    const auto* series = host.series ? &*host.series : nullptr;
    page.append(
        report_page({.facts = host.last(), .judgement = host.judgement, .took = took, .series = series}));
  }
  if (comparison.hosts.size() < 2) return page;
  page.blank();
  bool said = false;
  for (const auto& between : comparison.between) {
    if (!is_worth_a_line(between, comparison)) continue;
    add_between(page, between, comparison);
    said = true;
  }
  if (!said) {
    page.section("BETWEEN").line(
        fmt::format("{} hosts: of no two, {}", comparison.hosts.size(), because(Relation{})));
  }
  return page;
}

}  // namespace whywait::render
