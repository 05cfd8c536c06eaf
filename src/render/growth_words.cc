#include "render/growth_words.h"

#include "render/ends_words.h"
#include "render/page.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace whywait::render {
namespace {

struct PerTime {
  double minutes;
  std::string_view name;
};
constexpr std::array<PerTime, 3> kTimes = {{{1, "a minute"}, {60, "an hour"}, {60 * 24, "a day"}}};

// The unit of time in which a rate is easy to picture.
const PerTime& fitting(double per_minute) {
  const auto it = std::find_if(kTimes.begin(), kTimes.end(),
                               [&](const PerTime& t) { return std::abs(per_minute) * t.minutes >= 1; });
  return it == kTimes.end() ? kTimes.back() : *it;
}

std::string amount(double n) {
  constexpr double kNoDigits = 10;
  const auto size = std::abs(n);
  const auto digits =
      size >= kNoDigits ? grouped(static_cast<uint64_t>(std::llround(size))) : fmt::format("{:.1f}", size);
  return (n < 0 ? "-" : "") + digits;
}

std::string rate_part(const Rate& rate) {
  const auto& time = fitting(rate.mean == 0 ? rate.high : rate.mean);
  return fmt::format("{}{} {} ({} to {})", rate.mean > 0 ? "+" : "", amount(rate.mean * time.minutes),
                     time.name, amount(rate.low * time.minutes), amount(rate.high * time.minutes));
}

// "812 -> 950 -> 1,204", and of many dumps only the first and the last.
std::string counts_part(const std::vector<uint64_t>& counts) {
  constexpr size_t kMost = 5;
  std::vector<std::string> parts;
  for (const auto n : counts) parts.push_back(grouped(n));
  if (counts.size() <= kMost) return fmt::format("{}", fmt::join(parts, " -> "));
  const bool rises = std::is_sorted(counts.begin(), counts.end());
  const bool falls = std::is_sorted(counts.rbegin(), counts.rend());
  return fmt::format("{} -> ... -> {}{}", parts.front(), parts.back(),
                     rises && falls ? ""
                     : rises        ? ", never falling"
                     : falls        ? ", never rising"
                                    : ", up and down");
}

std::string went_part(const Growth& g) {
  return g.went_at_least == g.went_at_most ? grouped(g.went_at_most)
                                           : fmt::format("at most {}", grouped(g.went_at_most));
}

// How to find the descriptor limit on each system, if the dump does not give it. On Windows a client runs out
// of ports.
std::string_view where_the_limit_is(System system) {
  switch (system) {
    case System::Linux: return "the limit of its descriptors is in /proc/PID/limits";
    case System::Windows:
      return "Windows has no limit of descriptors; a client runs out of ports: netsh int ipv4 show "
             "dynamicport tcp";
    case System::MacOs: return "the limit of its descriptors: launchctl limit maxfiles";
    case System::FreeBsd: return "the limit of its descriptors: procstat -l PID";
    case System::NetBsd: return "the limit of its descriptors: sysctl proc.PID.rlimit.descriptors";
    case System::Solaris: return "the limit of its descriptors: plimit PID";
    case System::Aix: return "the limit of its descriptors: procfiles PID";
    case System::Unknown:
    case System::OpenBsd:
    case System::HpUx:
    case System::NonStop: break;
  }
  return "the limit of its descriptors: ulimit -n, as whoever started it";
}

std::string when(const Exhaustion& e, const Facts& facts) {
  if (e.used >= e.limit) return "now";
  const auto taken = time_of(facts);
  auto out = e.latest ? fmt::format("in {}", text(Age{.at_least = e.earliest, .at_most = e.latest}))
                      : fmt::format("in {} at the earliest", duration(e.earliest));
  if (!taken) return out;
  out += fmt::format(", at {}", rfc3339(*taken + e.earliest));
  return e.latest ? fmt::format("{} to {}", out, rfc3339(*taken + *e.latest)) : out;
}

bool use_descriptors(const std::vector<Case>& cases) {
  return std::none_of(cases.begin(), cases.end(), [](const Case& c) { return c.accepted == false; });
}

std::string not_known(const Facts& facts) {
  return fmt::format("when is not known: {}", where_the_limit_is(facts.system));
}

std::string apart(const Series& s) {
  if (!s.window) return {};
  const auto length = duration(*s.window);
  switch (s.clock) {
    case Clock::Told: return fmt::format(" over {}, by --interval", length);
    case Clock::Files: return fmt::format(" over {}, by the times of the files", length);
    case Clock::Source: return fmt::format(" over {}", length);
    case Clock::None: break;
  }
  return {};
}

std::string moments_line(const Series& s) {
  constexpr size_t kMost = 5;
  std::vector<std::string> names;
  for (const auto& m : s.moments) names.push_back(printable(m.name));
  const auto all = names.size();
  auto out = fmt::format("{} dumps of this host{}", all, apart(s));
  const bool are_alike =
      std::all_of(names.begin(), names.end(), [&](const auto& n) { return n == names[0]; });
  if (!are_alike) {
    names.resize(std::min(kMost, all));
    out += fmt::format(": {}", fmt::join(names, ", "));
    if (all > kMost) out += fmt::format(" and {} more", all - kMost);
  }
  return fmt::format("{} ({})", out, because(s.known_by));
}

bool is_worth_a_line(const StateGrowth& s) {
  const auto& counts = s.growth.counts;
  const bool is_unchanged =
      std::all_of(counts.begin(), counts.end(), [&](uint64_t n) { return n == counts.front(); });
  return s.state != State::Listen || !is_unchanged;
}

std::string state_line(const StateGrowth& s) {
  const auto& g = s.growth;
  auto out = fmt::format("{} {}", name(s.state), counts_part(g.counts));
  if (g.rate && g.rate->mean != 0 && s.state != State::Listen) out += fmt::format(", {}", rate_part(*g.rate));
  return g.stood ? fmt::format("{}; {} stood through", out, grouped(*g.stood)) : out;
}

}  // namespace

std::string growth_line(const Growth& g) {
  auto out = g.counts.empty() ? fmt::format("{} came, {} went", grouped(g.came), went_part(g))
                              : counts_part(g.counts);
  if (g.window) out += fmt::format(" in {}", duration(*g.window));
  if (g.rate) out += fmt::format(": {}", rate_part(*g.rate));
  if (g.stood) out += fmt::format("; {} stood through", grouped(*g.stood));
  if (g.rate && g.came > 0 && !surely_grows(g)) out += "; no growth is sure";
  return out;
}

std::string runs_out_line(const Verdict& v, const Trend& trend, const Facts& facts) {
  if (!surely_grows(trend.growth) || !use_descriptors(v.cases)) return {};
  const auto& e = trend.exhausts;
  if (!e) return v.finding.fault ? not_known(facts) : std::string();
  return fmt::format("descriptors, {} of {}: {}, if it goes on like this", grouped(e->used),
                     grouped(e->limit), when(*e, facts));
}

std::string runs_out_line(const Open& open, const Trend& trend, const Facts& facts) {
  return surely_grows(trend.growth) && use_descriptors(open.cases) ? not_known(facts) : std::string();
}

std::vector<std::string> series_lines(const Series& s) {
  std::vector<std::string> out{moments_line(s)};
  for (const auto& state : s.states) {
    if (is_worth_a_line(state)) out.push_back(state_line(state));
  }
  if (s.has_restarted) out.emplace_back("the system was started anew in between: nothing stood through");
  if (!s.is_of_one_command)
    out.emplace_back(
        "the dumps are of different commands: what one lacks it may only not show, so nothing is said of "
        "growth");
  if (s.is_reordered)
    out.emplace_back(
        "they are in the order of the times of their files, which is not that of the command line; where "
        "copying changed the times: --interval TIME");
  if (s.has_copy) out.emplace_back("the two dumps are identical (a copied file?); --interval TIME if not");
  if (s.is_partial)
    out.emplace_back("one of the dumps lacks rows, so nothing is said of growth: take it whole");
  if (!s.window)
    out.emplace_back(
        "how far they are apart is not known, so neither is how fast or how long: give --interval TIME");
  return out;
}

}  // namespace whywait::render
