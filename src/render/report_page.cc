#include "render/causes/catalogue.h"
#include "render/chain_words.h"
#include "render/elsewhere.h"
#include "render/evidence_words.h"
#include "render/growth_words.h"
#include "render/ids.h"
#include "render/reasons.h"
#include "render/report.h"
#include "render/steps.h"
#include "render/words.h"
#include "rules/close_wait/family.h"
#include "rules/rule.h"

#include <algorithm>

#include <fmt/format.h>

namespace whywait::render {
namespace {

constexpr size_t kStepsShown = 3;
constexpr size_t kFaultsShown = 5;
constexpr size_t kUndecidedShown = 5;
constexpr size_t kNormalShown = 3;

std::string upper(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
  return out;
}

Tone tone(Severity severity) { return severity == Severity::Notice ? Tone::Notice : Tone::Bad; }

// "4,812 CLOSE_WAIT on :8443, oldest 1h16m to 1h20m"
std::string pile_line(std::span<const Case> cases) {
  auto line = fmt::format("{} {} {}", grouped(count(cases)), name(cases.front().state), where(cases));
  if (const auto age = ages(cases)) line += ", oldest " + text(age->oldest);
  return line;
}

std::string descriptors_line(const Verdict& v) {
  const auto& f = v.finding;
  if (!has(f, EvidenceKind::DescriptorsOpen) || !has(f, EvidenceKind::DescriptorLimit)) return {};
  return fmt::format("; descriptors {} of {}", grouped(value_of(f, EvidenceKind::DescriptorsOpen)),
                     grouped(value_of(f, EvidenceKind::DescriptorLimit)));
}

// Evidence that only repeats the WHY line.
bool is_repetition(ClearReason because) {
  return because == ClearReason::WasAccepted || because == ClearReason::WasNotAccepted ||
         because == ClearReason::FinIsUnread || because == ClearReason::FinIsConsumed;
}

std::string ruled_out_line(const Finding& f) {
  std::vector<std::string> parts;
  for (const auto& r : f.ruled_out) {
    if (!is_repetition(r.because))
      parts.push_back(fmt::format("{}: {}", of(r.cause).in_short, because(r.because, f)));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

// The command line of the process that must act, because a name such as python3 says little.
std::string command_of(const Verdict& v, const Facts& facts) {
  constexpr size_t kLongest = 80;
  if (v.finding.culprits.empty()) return {};
  const auto& p = facts.process(v.finding.culprits.front().pid);
  if (!p || p->command_line.empty()) return {};
  const auto cut = p->command_line.size() > kLongest;
  return printable(p->command_line.substr(0, kLongest)) + (cut ? "..." : "");
}

void add_fault(Page& page, const Verdict& v, const Report& r) {
  const auto& facts = r.facts;
  const auto& f = v.finding;
  const auto victim = fmt::format("{} {}", who(v, facts), what_it_does(v));
  const auto end = end_of_chain(v, facts);
  const bool is_sure = std::none_of(v.chain.hops.begin(), v.chain.hops.end(),
                                    [](const Hop& h) { return h.confidence == Confidence::Possible; });
  // The process to blame at the end of the chain comes first, if it is more than a possibility.
  page.section(upper(id(f.severity)), tone(f.severity))
      .line(end.empty() || !is_sure ? fmt::format("{}: {}", printable(facts.host), victim)
                                    : fmt::format("{}: {} keeps others waiting", printable(facts.host), end));
  if (!end.empty()) page.line(is_sure ? victim : "perhaps because of " + end);
  page.line(pile_line(v.cases) + descriptors_line(v));
  if (const auto command = command_of(v, facts); !command.empty()) page.line("runs " + command);
  page.section("CAUSE").line(fmt::format("{}, {}", id(f.cause), id(f.confidence)));
  page.section("WHY").lines(why_lines(v, facts));
  if (const auto* trend = r.trend_of(v.id)) {
    page.section("GROWTH").line(growth_line(trend->growth));
    if (const auto line = runs_out_line(v, *trend, facts); !line.empty()) page.section("RUNS OUT").line(line);
  }
  page.section("WAITS FOR").lines(chain_lines(v.chain, facts));
  if (const auto line = ruled_out_line(f); !line.empty()) page.section("RULED OUT").line(line);
}

// One whose chain ends where another's does, below it.
void add_victim(Page& page, const Verdict& v, const Facts& facts) {
  page.section("ALSO", tone(v.finding.severity))
      .line(fmt::format("{} {}: {}", who(v, facts), what_it_does(v), pile_line(v.cases)));
  page.line(fmt::format("{}, {}", id(v.finding.cause), id(v.finding.confidence)));
}

// Faults in the order in which they are shown: each leads those that have the same end, or the same culprits.
std::vector<std::vector<const Verdict*>> families(const std::vector<Verdict>& faults, const Facts& facts) {
  std::vector<std::vector<const Verdict*>> out;
  const auto same = [&](const Verdict& a, const Verdict& b) {
    const auto end = end_of_chain(a, facts);
    if (!end.empty() && end == end_of_chain(b, facts)) return true;
    return !a.finding.culprits.empty() && !b.finding.culprits.empty() &&
           a.finding.culprits.front().pid == b.finding.culprits.front().pid;
  };
  for (const auto& v : faults) {
    const auto it =
        std::find_if(out.begin(), out.end(), [&](const auto& family) { return same(*family.front(), v); });
    if (it == out.end()) {
      out.push_back({&v});
    } else {
      it->push_back(&v);
    }
  }
  return out;
}

void add_steps(Page& page, const std::vector<Step>& steps) {
  page.section("NEXT");
  for (size_t i = 0; i < std::min(kStepsShown, steps.size()); ++i)
    page.command(steps[i].command, steps[i].note);
}

// What is certain about connections in CLOSE_WAIT, whatever the cause.
std::string known_line(const Open& open, const Facts& facts) {
  if (open.cases.front().state != State::CloseWait) return {};
  uint64_t unread = 0;
  uint32_t with_unread = 0;
  for (const auto& c : open.cases) {
    for (const auto& m : c.members) {
      const auto queued = facts.table.connections[m.index].recv_q().value_or(0);
      if (fin_of(c) == Fin::Unread) ++with_unread;
      unread += queued > 0 && facts.fin_in_recv_q ? queued - 1 : queued;
    }
  }
  std::string line = "known: the peers have closed, this end has not, and no timer of the system ever will";
  if (with_unread > 0 && unread > 0) {
    line += fmt::format("; {} in {} unread", plural(unread, "byte"), plural(with_unread, "connection"));
  } else if (with_unread > 0) {
    line += fmt::format("; the FIN of {} is unread", grouped(with_unread));
  }
  return line;
}

// If there are several dumps, do not suggest taking a second one.
std::vector<Absence> missing_of(const Open& open, bool is_second, const Facts& facts) {
  std::vector<Absence> out;
  const auto add = [&](Absence a) {
    const auto is_same = [&](const Absence& b) { return a.what == b.what; };
    if (!a.why.empty() && std::none_of(out.begin(), out.end(), is_same)) out.push_back(std::move(a));
  };
  for (const auto& need : open.needs) {
    if (!is_second || need.what != Question::SecondLook) add(absence(need, facts));
  }
  for (const auto question : open.open_questions) {
    if (!is_second || question != OpenQuestion::LongerLook) add(absence(question, facts));
  }
  for (size_t i = 1; i < open.candidates.size(); ++i) add(rivalry(open.candidates[i], facts));
  return out;
}

// "whywait --from x.txt --json   # and 3 more"
void add_more(Page& page, const std::string& what, const Facts& facts) {
  const auto step = of_file({"whywait --json", "and " + what}, facts);
  page.command(step.command, step.note);
}

void add_undecided(Page& page, const Open& open, const Report& r) {
  const auto& facts = r.facts;
  const auto* trend = r.trend_of(open.id);
  std::vector<std::string_view> candidates;
  for (const auto c : open.candidates) candidates.push_back(id(c));
  page.section("UNDECIDED", Tone::Notice)
      .line(fmt::format("{} of {}: {}", pile_line(open.cases), who(open.cases.front(), facts),
                        fmt::join(candidates, " or ")));
  if (const auto known = known_line(open, facts); !known.empty()) page.line(known);
  const auto missing = missing_of(open, trend != nullptr, facts);
  constexpr size_t kShown = 3;
  for (size_t i = 0; i < std::min(kShown, missing.size()); ++i) {
    const auto& [what, why, remedy] = missing[i];
    const auto line = fmt::format("unknown: {}: {}", what, why);
    page.line(remedy.command.empty() ? fmt::format("{}; {}", line, remedy.note) : line);
    if (!remedy.command.empty()) page.command(remedy.command, remedy.note);
  }
  if (missing.size() > kShown) add_more(page, fmt::format("{} more", missing.size() - kShown), facts);
  if (trend == nullptr) return;
  page.line("growth: " + growth_line(trend->growth));
  if (const auto line = runs_out_line(open, *trend, facts); !line.empty()) page.line("runs out: " + line);
}

void add_normal(Page& page, const Verdict& v, const Facts& facts) {
  page.section("NORMAL", Tone::Good)
      .line(fmt::format("{} of {}: {}, {}", pile_line(v.cases), who(v, facts), id(v.finding.cause),
                        id(v.finding.confidence)));
  page.line(fmt::format("{}", fmt::join(why_lines(v, facts), "; ")));
}

std::string states_line(const Judgement& j) {
  std::vector<std::string> parts;
  uint64_t all = 0;
  for (const auto& [state, n] : j.states) {
    parts.push_back(fmt::format("{} {}", grouped(n), name(state)));
    all += n;
  }
  return all == 0 ? "no TCP socket"
                  : fmt::format("{}: {}", plural(all, "TCP socket"), fmt::join(parts, ", "));
}

void add_read(Page& page, const Facts& facts) {
  page.section("READ").line(read_line(facts));
  if (!facts.tally.empty()) page.section("COUNTED").line(tally_line(facts));
  for (const auto& line : shared_listeners(facts)) page.section("SHARED").line(line);
}

void add_seen(Page& page, const Report& r) {
  auto line = states_line(r.judgement);
  if (r.facts.whole.size() > 1) line += fmt::format(" in {} network namespaces", r.facts.whole.size());
  if (r.judgement.young > 0) line += fmt::format("; {} too recent to judge", r.judgement.young);
  line += fmt::format("; {}", duration(r.took));
  if (r.facts.dump) {
    add_read(page, r.facts);
  } else if (!r.facts.file.empty()) {
    page.section("READ").line(saved_line(r.facts));
  }
  if (!r.judgement.faults.empty() || r.facts.gaps.size() > 1) {
    page.section("SEEN").line(line);
    page.section("NOT SEEN", Tone::Faint);
    for (const auto& gap : r.facts.gaps) add_absence(page, absence(gap, r.facts));
    return;
  }
  // A healthy machine gets three lines.
  for (const auto& gap : r.facts.gaps) {
    const auto a = absence(gap, r.facts);
    line += fmt::format("; not seen: {} ({})", a.what, printable(a.why));
  }
  page.section("SEEN").line(line);
}

bool can_wait(State state) {
  switch (state) {
    case State::SynSent:
    case State::SynReceived:
    case State::Established:
    case State::FinWait1:
    case State::FinWait2:
    case State::CloseWait:
    case State::Closing:
    case State::LastAck:
    case State::Unknown: return true;
    case State::Closed:
    case State::Listen:
    case State::TimeWait: return false;  // which ends by itself
  }
  return false;
}

// The states in which a connection can wait too long and of which no rule judges.
std::string not_judged_part(const Judgement& j) {
  std::vector<std::string> parts;
  for (const auto& [state, n] : j.states) {
    if (n > 0 && can_wait(state) && !is_judged(state))
      parts.push_back(fmt::format("{} {}", grouped(n), name(state)));
  }
  return parts.empty() ? "" : fmt::format("; not judged: {}", fmt::join(parts, ", "));
}

void add_verdict(Page& page, const Report& r) {
  const auto host = printable(r.facts.host);
  switch (status(r.facts, r.judgement)) {
    case Status::Ok:
      return page.section("OK", Tone::Good)
          .line(
              host +
              (r.facts.dump ? ": no stuck connections found in this dump" : ": no stuck connections found") +
              not_judged_part(r.judgement));
    case Status::Notice:
      return page.section("NOTICE", Tone::Notice)
          .line(host + ": connections are waiting; cause not established");
    case Status::Unknown:
      if (!r.facts.tally.empty())
        return page.section("UNKNOWN", Tone::Notice)
            .line(host + ": only totals per state, no connections: nothing to attribute them to");
      if (r.facts.dump)
        return page.section("UNKNOWN", Tone::Notice).line(host + ": no connection is in this dump");
      return page.section("UNKNOWN", Tone::Bad).line(host + ": the socket table could not be read");
    case Status::Warning:
    case Status::Critical: return;
  }
}

std::vector<Step> next_of_quiet(const Report& r) {
  const auto& undecided = r.judgement.undecided;
  if (r.facts.table.connections.empty() && r.facts.dump) {
    auto step = rows_there(r.facts);
    step.note = fmt::format("ask for the full listing: {}", step.note);
    return {step};
  }
  const auto step =
      undecided.empty()
          ? Step{"whywait list", "every connection; whywait explain WORD: what a state or a cause means"}
          : Step{fmt::format("whywait list --state {}", name(undecided.front().cases.front().state)),
                 r.facts.dump ? "each of them, with what the dump tells of it"
                              : "who holds them, how old they are, what waits in them"};
  return {of_file(step, r.facts)};
}

}  // namespace

Page report_page(const Report& r) {
  Page page;
  const auto& faults = r.judgement.faults;
  const auto all = families(faults, r.facts);
  for (size_t i = 0; i < std::min(kFaultsShown, all.size()); ++i) {
    if (i > 0) page.blank();
    add_fault(page, *all[i].front(), r);
    for (size_t n = 1; n < all[i].size(); ++n) add_victim(page, *all[i][n], r.facts);
    add_steps(page, steps(*all[i].front(), r.facts));
  }
  if (all.size() > kFaultsShown) {
    add_more(page, plural(all.size() - kFaultsShown, "finding") + " more", r.facts);
  }
  if (faults.empty()) add_verdict(page, r);
  if (!faults.empty() && !r.judgement.undecided.empty()) page.blank();
  const auto& undecided = r.judgement.undecided;
  for (size_t i = 0; i < std::min(kUndecidedShown, undecided.size()); ++i) {
    add_undecided(page, undecided[i], r);
  }
  if (undecided.size() > kUndecidedShown) {
    add_more(page, fmt::format("{} more undecided", undecided.size() - kUndecidedShown), r.facts);
  }
  const auto& normal = r.judgement.normal;
  if (!faults.empty() && undecided.empty() && !normal.empty()) page.blank();
  for (size_t i = 0; i < std::min(kNormalShown, normal.size()); ++i) {
    add_normal(page, normal[i], r.facts);
  }
  if (normal.size() > kNormalShown)
    add_more(page, fmt::format("{} more of the kind", normal.size() - kNormalShown), r.facts);
  if (!faults.empty()) page.blank();
  if (r.series != nullptr) page.section("CHANGED").lines(series_lines(*r.series));
  add_seen(page, r);
  if (faults.empty()) add_steps(page, next_of_quiet(r));
  return page;
}

}  // namespace whywait::render
