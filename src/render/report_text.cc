#include "render/chain_words.h"
#include "render/elsewhere.h"
#include "render/evidence_words.h"
#include "render/growth_words.h"
#include "render/ids.h"
#include "render/page_text.h"
#include "render/reasons.h"
#include "render/report.h"
#include "render/steps.h"
#include "render/words.h"
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

// What only says again what WHY has said.
bool is_repetition(ClearReason because) {
  return because == ClearReason::WasAccepted || because == ClearReason::WasNotAccepted ||
         because == ClearReason::FinIsUnread || because == ClearReason::FinIsConsumed;
}

std::string ruled_out_line(const Finding& f) {
  std::vector<std::string> parts;
  for (const auto& r : f.ruled_out) {
    if (!is_repetition(r.because))
      parts.push_back(fmt::format("{}: {}", in_short(r.cause), because(r.because, f)));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

// Of the process that must act: a name such as python3 says little.
std::string command_of(const Verdict& v, const Facts& facts) {
  constexpr size_t kLongest = 80;
  if (v.finding.culprits.empty()) return {};
  const auto& p = facts.process(v.finding.culprits.front().pid);
  if (!p || p->command_line.empty()) return {};
  const auto cut = p->command_line.size() > kLongest;
  return printable(p->command_line.substr(0, kLongest)) + (cut ? "..." : "");
}

std::string fault_text(const Verdict& v, const Report& r, const Style& style) {
  const auto& facts = r.facts;
  const auto& f = v.finding;
  const auto victim = fmt::format("{} {}", who(v, facts), what_it_does(v));
  const auto end = end_of_chain(v, facts);
  const bool is_sure = std::none_of(v.chain.hops.begin(), v.chain.hops.end(),
                                    [](const Hop& h) { return h.confidence == Confidence::Possible; });
  // Whoever is to blame in the end leads, as far as that is more than a possibility.
  auto out = labelled(upper(id(f.severity)),
                      end.empty() || !is_sure
                          ? fmt::format("{}: {}", printable(facts.host), victim)
                          : fmt::format("{}: {} keeps others waiting", printable(facts.host), end),
                      style, tone(f.severity));
  if (!end.empty()) out += labelled("", is_sure ? victim : "perhaps because of " + end, style);
  out += labelled("", pile_line(v.cases) + descriptors_line(v), style);
  if (const auto command = command_of(v, facts); !command.empty())
    out += labelled("", "runs " + command, style);
  out += labelled("CAUSE", fmt::format("{}, {}", id(f.cause), id(f.confidence)), style);
  std::string_view label = "WHY";
  for (const auto& line : why_lines(v, facts)) {
    out += labelled(label, line, style);
    label = "";
  }
  if (const auto* trend = r.trend_of(v.id)) {
    out += labelled("GROWTH", growth_line(trend->growth), style);
    if (const auto line = runs_out_line(v, *trend, facts); !line.empty())
      out += labelled("RUNS OUT", line, style);
  }
  label = "WAITS FOR";
  for (const auto& line : chain_lines(v.chain, facts)) {
    out += labelled(label, line, style);
    label = "";
  }
  if (const auto line = ruled_out_line(f); !line.empty()) out += labelled("RULED OUT", line, style);
  return out;
}

// One whose chain ends where another's does, below it.
std::string victim_text(const Verdict& v, const Facts& facts, const Style& style) {
  return labelled("ALSO", fmt::format("{} {}: {}", who(v, facts), what_it_does(v), pile_line(v.cases)), style,
                  tone(v.finding.severity)) +
         labelled("", fmt::format("{}, {}", id(v.finding.cause), id(v.finding.confidence)), style);
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

std::string next_text(const std::vector<Step>& steps, const Style& style) {
  Page page;
  page.section("NEXT");
  for (size_t i = 0; i < std::min(kStepsShown, steps.size()); ++i)
    page.command(steps[i].command, steps[i].note);
  return text_of(page, style);
}

// What is sure of connections in CLOSE_WAIT, whatever the cause.
std::string known_line(const Open& open, const Facts& facts) {
  if (open.cases.front().state != State::CloseWait) return {};
  uint64_t unread = 0;
  uint32_t with_unread = 0;
  for (const auto& c : open.cases) {
    for (const auto& m : c.members) {
      const auto queued = facts.table.connections[m.index].recv_q().value_or(0);
      if (c.fin == Fin::Unread) ++with_unread;
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

// Where there are several dumps, what a second one would tell is told.
std::vector<Absence> missing_of(const Open& open, bool is_second, const Facts& facts) {
  std::vector<Absence> out;
  const auto add = [&](Absence a) {
    const auto is_same = [&](const Absence& b) { return a.what == b.what; };
    if (!a.why.empty() && std::none_of(out.begin(), out.end(), is_same)) out.push_back(std::move(a));
  };
  for (const auto& need : open.needs) {
    if (!is_second || need.what != Question::SecondLook) add(absence(need, facts));
  }
  for (const auto doubt : open.open_questions) {
    if (!is_second || doubt != OpenQuestion::LongerLook) add(absence(doubt, facts));
  }
  for (size_t i = 1; i < open.candidates.size(); ++i) add(rivalry(open.candidates[i], facts));
  return out;
}

// "whywait --from x.txt --json   # and 3 more"
std::string more_text(const std::string& what, const Facts& facts, const Style& style) {
  const auto step = of_file({"whywait --json", "and " + what}, facts);
  Page page;
  page.command(step.command, step.note);
  return text_of(page, style);
}

std::string undecided_text(const Open& open, const Report& r, const Style& style) {
  const auto& facts = r.facts;
  const auto* trend = r.trend_of(open.id);
  std::vector<std::string_view> candidates;
  for (const auto c : open.candidates) candidates.push_back(id(c));
  auto out = labelled("UNDECIDED",
                      fmt::format("{} of {}: {}", pile_line(open.cases), who(open.cases.front(), facts),
                                  fmt::join(candidates, " or ")),
                      style, Tone::Notice);
  if (const auto known = known_line(open, facts); !known.empty()) out += labelled("", known, style);
  const auto missing = missing_of(open, trend != nullptr, facts);
  constexpr size_t kShown = 3;
  for (size_t i = 0; i < std::min(kShown, missing.size()); ++i) {
    const auto& [what, why, remedy] = missing[i];
    const auto line = fmt::format("not known {}: {}", what, why);
    Page page;
    page.line(remedy.command.empty() ? fmt::format("{}; {}", line, remedy.note) : line);
    if (!remedy.command.empty()) page.command(remedy.command, remedy.note);
    out += text_of(page, style);
  }
  if (missing.size() > kShown)
    out += more_text(fmt::format("{} more", missing.size() - kShown), facts, style);
  if (trend == nullptr) return out;
  out += labelled("", "growth: " + growth_line(trend->growth), style);
  if (const auto line = runs_out_line(open, *trend, facts); !line.empty())
    out += labelled("", "runs out: " + line, style);
  return out;
}

std::string normal_text(const Verdict& v, const Facts& facts, const Style& style) {
  return labelled("NORMAL",
                  fmt::format("{} of {}: {}, {}", pile_line(v.cases), who(v, facts), id(v.finding.cause),
                              id(v.finding.confidence)),
                  style, Tone::Good) +
         labelled("", fmt::format("{}", fmt::join(why_lines(v, facts), "; ")), style);
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

std::string read_text(const Facts& facts, const Style& style) {
  std::string out = labelled("READ", read_line(facts), style);
  if (!facts.tally.empty()) out += labelled("COUNTED", tally_line(facts), style);
  for (const auto& line : shared_listeners(facts)) out += labelled("SHARED", line, style);
  return out;
}

std::string seen_text(const Report& r, const Style& style) {
  auto line = states_line(r.judgement);
  if (r.facts.whole.size() > 1) line += fmt::format(" in {} network namespaces", r.facts.whole.size());
  if (r.judgement.young > 0) line += fmt::format("; {} too young to mean anything", r.judgement.young);
  line += fmt::format("; {}", duration(r.took));
  std::string out;
  if (r.facts.dump)
    out = read_text(r.facts, style);
  else if (!r.facts.file.empty())
    out = labelled("READ", saved_line(r.facts), style);
  if (!r.judgement.faults.empty() || r.facts.gaps.size() > 1) {
    out += labelled("SEEN", line, style);
    Page page;
    page.section("NOT SEEN", Tone::Faint);
    for (const auto& gap : r.facts.gaps) add_absence(page, absence(gap, r.facts));
    return out + text_of(page, style);
  }
  // A healthy machine gets three lines.
  for (const auto& gap : r.facts.gaps) {
    const auto a = absence(gap, r.facts);
    line += fmt::format("; not seen: {} ({})", a.what, printable(a.why));
  }
  return out + labelled("SEEN", line, style);
}

std::string series_text(const Series& series, const Style& style) {
  std::string out;
  std::string_view label = "CHANGED";
  for (const auto& line : series_lines(series)) {
    out += labelled(label, line, style);
    label = "";
  }
  return out;
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

std::string verdict_line(const Report& r, const Style& style) {
  const auto host = printable(r.facts.host);
  switch (status(r.facts, r.judgement)) {
    case Status::Ok:
      return labelled("OK",
                      host +
                          (r.facts.dump ? ": no connection in this dump waits that should not"
                                        : ": no connection waits that should not") +
                          not_judged_part(r.judgement),
                      style, Tone::Good);
    case Status::Notice:
      return labelled("NOTICE", host + ": no fault is proven, but something waits", style, Tone::Notice);
    case Status::Unknown:
      if (!r.facts.tally.empty())
        return labelled("UNKNOWN",
                        host + ": counts of states are here, and no rows: what they belong to is not told",
                        style, Tone::Notice);
      if (r.facts.dump)
        return labelled("UNKNOWN", host + ": no connection is in this dump", style, Tone::Notice);
      return labelled("UNKNOWN", host + ": the socket table could not be read", style, Tone::Bad);
    case Status::Warning:
    case Status::Critical: return {};
  }
  return {};
}

std::string next_of_quiet(const Report& r, const Style& style) {
  const auto& undecided = r.judgement.undecided;
  if (r.facts.table.connections.empty() && r.facts.dump) {
    auto step = rows_there(r.facts);
    step.note = fmt::format("have the rows themselves, not only their number: {}", step.note);
    return next_text({step}, style);
  }
  const auto step =
      undecided.empty()
          ? Step{"whywait list", "every connection; whywait explain WORD: what a state or a cause means"}
          : Step{fmt::format("whywait list --state {}", name(undecided.front().cases.front().state)),
                 r.facts.dump ? "each of them, with what the dump tells of it"
                              : "who holds them, how old they are, what waits in them"};
  return next_text({of_file(step, r.facts)}, style);
}

}  // namespace

std::string report_text(const Report& r, const Style& style) {
  std::string out;
  const auto& faults = r.judgement.faults;
  const auto all = families(faults, r.facts);
  for (size_t i = 0; i < std::min(kFaultsShown, all.size()); ++i) {
    if (i > 0) out += "\n";
    out += fault_text(*all[i].front(), r, style);
    for (size_t n = 1; n < all[i].size(); ++n) out += victim_text(*all[i][n], r.facts, style);
    out += next_text(steps(*all[i].front(), r.facts), style);
  }
  if (all.size() > kFaultsShown) {
    out += more_text(plural(all.size() - kFaultsShown, "finding") + " more", r.facts, style);
  }
  if (faults.empty()) out += verdict_line(r, style);
  if (!faults.empty() && !r.judgement.undecided.empty()) out += "\n";
  const auto& undecided = r.judgement.undecided;
  for (size_t i = 0; i < std::min(kUndecidedShown, undecided.size()); ++i) {
    out += undecided_text(undecided[i], r, style);
  }
  if (undecided.size() > kUndecidedShown) {
    out += more_text(fmt::format("{} more undecided", undecided.size() - kUndecidedShown), r.facts, style);
  }
  const auto& normal = r.judgement.normal;
  if (!faults.empty() && undecided.empty() && !normal.empty()) out += "\n";
  for (size_t i = 0; i < std::min(kNormalShown, normal.size()); ++i) {
    out += normal_text(normal[i], r.facts, style);
  }
  if (normal.size() > kNormalShown)
    out += more_text(fmt::format("{} more of the kind", normal.size() - kNormalShown), r.facts, style);
  if (!faults.empty()) out += "\n";
  if (r.series != nullptr) out += series_text(*r.series, style);
  out += seen_text(r, style);
  if (faults.empty()) out += next_of_quiet(r, style);
  return out;
}

}  // namespace whywait::render
