#include "core/reachable.h"
#include "diagnose/cases.h"
#include "render/chain_words.h"
#include "render/ids.h"
#include "render/listing_rows.h"
#include "render/portrait_words.h"
#include "render/steps.h"
#include "render/words.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace whywait::render {
namespace {

constexpr size_t kServicesShown = 5;
constexpr size_t kThreadsShown = 6;
constexpr size_t kListenersShown = 4;
constexpr size_t kHoldersShown = 4;
constexpr size_t kSubjectsShown = 3;
constexpr size_t kOtherEndsShown = 5;
constexpr size_t kConnectionsShown = 4;
constexpr size_t kVerdictsShown = 3;
constexpr size_t kCommandShown = 200;

class PortraitPage {
 public:
  explicit PortraitPage(const Inspection& in)
      : in_(in), facts_(in.facts), p_(in.portrait), index_(index_of(in.facts.holders)) {}

  Page make() {
    const bool of_process = std::holds_alternative<Pid>(p_.target);
    if (of_process) subjects();
    if (std::holds_alternative<Ends>(p_.target)) {
      connections();
    } else {
      sockets(of_process ? "SOCKETS" : "PORT");
      listeners();
      services();
    }
    epoll();
    if (!of_process) {
      no_holder();
      subjects();
    }
    other_ends();
    chains();
    verdicts();
    sources();
    not_seen();
    next();
    return std::move(page_);
  }

 private:
  const Connection& row(uint32_t i) const { return facts_.table.connections[i]; }

  // The first line of a section has its label, and at its end where its facts come from.
  void section(std::string_view label) { page_.section(label); }
  void line(const std::string& text, std::string_view source = {}) {
    std::vector<Run> runs = {text};
    if (!source.empty()) runs.emplace_back(fmt::format(" [{}]", source), Tone::Faint);
    page_.line(std::move(runs));
  }

  std::string holders_of(uint32_t i) const {
    const auto holders = index_.of(row(i));
    if (holders.empty()) return fmt::format("no descriptor ({})", no_holder_because(in_, i));
    std::vector<std::string> parts;
    for (const auto& h : holders) {
      if (parts.size() == kHoldersShown) break;
      auto part = fmt::format("{}[{}]", printable(process_name(facts_, h.pid)), number(h.pid));
      if (h.fd >= 0) part += fmt::format(":{}", h.fd);
      parts.push_back(std::move(part));
    }
    return fmt::format("held by {}{}", fmt::join(parts, " "), and_more(holders.size(), parts.size()));
  }

  void subjects() {
    size_t shown = 0;
    for (const auto& s : p_.subjects) {
      if (shown++ == kSubjectsShown) break;
      identity(s);
      descriptors(s);
      threads(s);
    }
    section("");
    if (p_.subject_total > kSubjectsShown) {
      own_step({fmt::format("whywait inspect --json {}", text(p_.target)),
                fmt::format("and {} more that hold it",
                            plural(p_.subject_total - kSubjectsShown, "process", "processes"))});
    }
  }

  // For nouns whose plural is not formed with an s.
  static std::string plural(uint64_t n, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", grouped(n), n == 1 ? one : many);
  }
  static std::string plural(uint64_t n, std::string_view noun) { return render::plural(n, noun); }

  void identity(const Subject& s) {
    section("PROCESS");
    const auto& process = facts_.process(s.pid);
    if (!process) return line(fmt::format("{}: {}", number(s.pid), cannot_tell(process.error(), facts_)));
    line(who(s.pid, facts_), from_process(facts_));
    if (const auto& command = process->command_line; !command.empty()) {
      line(fmt::format("runs {}{}", printable(command.substr(0, kCommandShown)),
                       command.size() > kCommandShown ? "..." : ""));
    }
    if (facts_.dump) return;  // which tells no more
    const auto age = std::chrono::duration_cast<Milliseconds>(facts_.taken_at - process->started);
    line(fmt::format("started {}, {} ago", rfc3339(process->started),
                     duration(std::max(age, Milliseconds(0)))));
    if (process->frozen.value_or(false)) line("its cgroup is frozen");
  }

  void descriptors(const Subject& s) {
    section("LIMITS");
    const auto& process = facts_.process(s.pid);
    const Answer<Descriptors> d =
        process ? process->descriptors : Answer<Descriptors>(tl::unexpected(process.error()));
    if (!d)
      return line(fmt::format("descriptors: {}", cannot_tell(d.error(), facts_)), from_descriptors(facts_));
    line(fmt::format("{} of {} descriptors open", grouped(d->open),
                     d->limit ? grouped(*d->limit) : "unlimited"),
         from_descriptors(facts_));
    if (p_.sockets_missing) return line("of what kind: " + cannot_tell(*p_.sockets_missing, facts_));
    if (!facts_.holders) return line("of what kind: " + cannot_tell(facts_.holders.error(), facts_));
    line(kinds(s.descriptors, *d));
  }

  void threads(const Subject& s) {
    section("THREADS");
    const auto& threads = facts_.threads_of(s.pid);
    if (!threads) return line(cannot_tell(threads.error(), facts_), from_tasks(facts_));
    const auto ran = std::accumulate(s.threads.begin(), s.threads.end(), std::chrono::nanoseconds(0),
                                     [](auto sum, const ThreadTally& t) { return sum + t.ran; });
    auto first =
        fmt::format("{}; {} of CPU in {}", plural(threads->list.size(), "thread"),
                    duration(std::chrono::duration_cast<Milliseconds>(ran)), duration(threads->window));
    if (s.blocked_on) first += fmt::format("; as a whole: {}", id(s.blocked_on->kind));
    line(first, from_tasks(facts_));
    size_t shown = 0;
    for (const auto& t : s.threads) {
      if (shown++ == kThreadsShown) break;
      line(thread_line(t));
    }
    if (s.threads.size() > kThreadsShown)
      line(fmt::format("and {} in other places", plural(s.threads.size() - kThreadsShown, "group")));
  }

  std::string thread_line(const ThreadTally& t) const {
    auto text = fmt::format("{} {}", grouped(t.count), what_it_does(t, facts_));
    if (t.wait_channel && !t.wait_channel->empty())
      text += fmt::format("; wait channel {}", printable(*t.wait_channel));
    if (!t.wait_channel)
      text += fmt::format("; its wait channel cannot be told, because {}",
                          reason(t.wait_channel.error(), facts_));
    if (t.last_given_cpu)
      text += fmt::format("; last ran {} ago (BPF iterators)", duration(*t.last_given_cpu));
    if (t.ran.count() > 0)
      text += fmt::format("; {} of CPU", duration(std::chrono::duration_cast<Milliseconds>(t.ran)));
    return text;
  }

  void sockets(std::string_view label) {
    section(label);
    const auto of_port = std::holds_alternative<Port>(p_.target) ? text(p_.target) + ": " : std::string();
    if (p_.sockets_missing) return line(cannot_tell(*p_.sockets_missing, facts_), from_descriptors(facts_));
    if (p_.rows.empty()) return line("no TCP socket", kFromTable);
    std::map<State, uint32_t> states;
    for (const auto& [state, t] : p_.states) states[state] = t.count;
    line(fmt::format("{}{}: {}", of_port, plural(p_.rows.size(), "TCP socket"), counts(states)), kFromTable);
    for (const auto& [state, t] : p_.states) {
      if (const auto text = state_line(t); !text.empty()) line(fmt::format("{}: {}", name(state), text));
    }
    second_look();
  }

  void second_look() {
    if (p_.looked_again == 0) return;
    const auto after = facts_.second.after();
    line(fmt::format("{} of {} unchanged {} later", grouped(p_.looked_again - p_.moved),
                     grouped(p_.looked_again), duration(after.value_or(Milliseconds(0)))),
         kFromSecondLook);
  }

  void listeners() {
    section("LISTENERS");
    size_t shown = 0;
    for (const auto i : p_.listeners) {
      if (shown++ == kListenersShown) break;
      line(listener_line(i));
    }
    if (p_.listeners.size() > kListenersShown)
      line(fmt::format("and {} more", grouped(p_.listeners.size() - kListenersShown)));
  }

  std::string listener_line(uint32_t i) const {
    const auto& c = row(i);
    auto text = whywait::text(c.local);
    if (c.recv_q()) {
      text += fmt::format(": accept queue {}", grouped(*c.recv_q()));
      if (c.send_q().value_or(0) > 0) text += fmt::format(" of {}", grouped(*c.send_q()));
    }
    const auto detail = facts_.details ? facts_.details->of(i) : SocketDetail();
    if (const auto dead = detail.dead_in_queue(); dead.value_or(0) > 0)
      text += fmt::format(", {} of them closed already", grouped(*dead));
    return fmt::format("{}; {}", text, holders_of(i));
  }

  void services() {
    section("SERVICES");
    size_t shown = 0;
    for (const auto& s : p_.services) {
      if (shown++ == kServicesShown) break;
      line(service_line(s));
    }
    if (p_.service_total > kServicesShown)
      line(fmt::format("and {} more", grouped(p_.service_total - kServicesShown)));
  }

  void epoll() {
    section("EPOLL");
    if (p_.rows.empty()) return;
    bool known = false;
    for (const auto& [state, t] : p_.states) {
      if (t.epoll.known == 0) continue;
      line(epoll_line(state, t.epoll), known ? std::string_view() : source_of_details(facts_));
      known = true;
    }
    if (!known) line("cannot tell, because " + no_epoll_because(in_), source_of_details(facts_));
  }

  void connections() {
    size_t shown = 0;
    for (const auto i : p_.rows) {
      if (shown++ == kConnectionsShown) break;
      connection(i);
    }
    section("");
    if (p_.rows.size() > kConnectionsShown)
      line(fmt::format("and {} more rows with these ends", grouped(p_.rows.size() - kConnectionsShown)));
  }

  void connection(uint32_t i) {
    const auto& c = row(i);
    section("CONNECTION");
    line(fmt::format("{}: {}", ends_of(c), name(c.state)), kFromTable);
    line(holders_of(i), from_descriptors(facts_));
    const auto queue = [](std::optional<uint32_t> q) { return q ? grouped(*q) : std::string("not told"); };
    auto text = fmt::format("Recv-Q {}, Send-Q {}", queue(c.recv_q()), queue(c.send_q()));
    if (const auto age = age_of_row(facts_.table, i, facts_.uptime))
      text += "; in this state for " + render::text(*age);
    if (const auto t = running_timer(c))
      text +=
          fmt::format("; timer {}, {} left, {} tries", id(t->kind), duration(t->expires_in), t->retransmits);
    line(text, kFromTable);
    if (const auto* info = facts_.table.info(c)) line(info_line(*info), "tcp_info");
    watchers(i);
    if (const auto& later = facts_.second.of(i)) {
      const bool moved = again(c, facts_.table.info(c), *later) != ChangeSince::Same;
      line(fmt::format("{} {} later", moved ? "changed" : "unchanged", duration(later->after)),
           kFromSecondLook);
    }
    line(fmt::format("namespace {}, inode {}, uid {}", static_cast<uint32_t>(c.netns),
                     c.printed_inode() ? fmt::format("{}", *c.printed_inode()) : "not told",
                     c.uid() ? fmt::format("{}", *c.uid()) : "not told"),
         kFromTable);
  }

  void watchers(uint32_t i) {
    if (!facts_.details) return;
    const auto detail = facts_.details->of(i);
    const auto source = source_of_details(facts_);
    if (const auto l = detail.listener())
      line(fmt::format("waits for accept() in the queue of {}, {}", ends_of(row(*l)), holders_of(*l)),
           source);
    if (const auto n = detail.waiters()) {
      std::vector<int32_t> tids;
      for (const auto& w : facts_.details->waiters_of(i)) tids.push_back(static_cast<int32_t>(w.tid));
      line(*n == 0 ? "no thread sleeps on it"
                   : fmt::format("{} on it: {}", plural(*n, "thread sleeps", "threads sleep"),
                                 fmt::join(tids, ", ")),
           source);
    }
  }

  void no_holder() {
    section("NO HOLDER");
    if (std::holds_alternative<Ends>(p_.target)) return;
    for (const auto& [why, t] : p_.no_holder)
      line(fmt::format("{} without a descriptor: {}", grouped(t.count), no_holder_because(in_, t.row)),
           from_descriptors(facts_));
  }

  void other_ends() {
    section("OTHER ENDS");
    size_t shown = 0;
    for (const auto& end : p_.other_ends) {
      if (shown++ == kOtherEndsShown) break;
      line(other_end_line(end), shown == 1 ? kFromTable : std::string_view());
    }
    if (p_.other_ends.size() > kOtherEndsShown)
      line(fmt::format("and {} more kinds", grouped(p_.other_ends.size() - kOtherEndsShown)));
    if (p_.ended_there > 0)
      line(fmt::format("{}: the other end, on this host, is gone; what is written there is answered with RST",
                       grouped(p_.ended_there)));
    if (p_.elsewhere > 0)
      line(
          fmt::format("{}: cannot tell, because the other end is on another host or in a namespace that was "
                      "not read",
                      grouped(p_.elsewhere)));
  }

  std::string other_end_line(const OtherEnd& end) const {
    std::vector<std::string> parts;
    for (const auto pid : end.holders) parts.push_back(who(pid, facts_));
    const auto held = parts.empty() ? fmt::format("no descriptor ({})", no_holder_because(in_, end.mirror))
                                    : fmt::format("held by {}", fmt::join(parts, ", "));
    return fmt::format("{} {} here, {} there, {}{}", grouped(end.count), name(end.here), name(end.there),
                       held, ending(end));
  }

  void chains() {
    if (std::all_of(p_.subjects.begin(), p_.subjects.end(),
                    [](const Subject& s) { return s.chain.hops.empty(); }))
      return;
    section("WAITS FOR");
    for (const auto& s : p_.subjects) {
      page_.lines(chain_lines(s.chain, facts_));
    }
  }

  void verdicts() {
    section("VERDICT");
    size_t shown = 0;
    for (const auto i : p_.faults) {
      if (shown++ == kVerdictsShown) break;
      verdict(in_.judgement.faults.at(i));
    }
    bool is_open = false;
    for (const auto i : p_.undecided) {
      if (shown++ >= kVerdictsShown) break;
      const auto& open = in_.judgement.undecided.at(i);
      std::vector<std::string_view> candidates;
      for (const auto c : open.candidates) candidates.push_back(id(c));
      line(fmt::format("undecided: {}, {}", split(open.cases), fmt::join(candidates, " or ")));
      is_open = true;
    }
    if (is_open) own_step({"whywait", "what would decide it"});
    for (const auto i : p_.normal) {
      if (shown++ >= kVerdictsShown) break;
      const auto& v = in_.judgement.normal.at(i);
      line(fmt::format("normal: {}; {}, {}", split(v.cases), id(v.finding.cause), id(v.finding.confidence)));
    }
    const auto all = p_.faults.size() + p_.undecided.size() + p_.normal.size();
    if (all == 0) line("no fault found");
    if (all > kVerdictsShown) own_step({"whywait --json", fmt::format("and {} more", all - kVerdictsShown)});
  }

  void verdict(const Verdict& v) {
    line(fmt::format("{}: {} {}: {}; {}, {}", id(v.finding.severity), who(v, facts_), render::what_it_does(v),
                     split(v.cases), id(v.finding.cause), id(v.finding.confidence)));
    page_.lines(why_lines(v, facts_));
  }

  static std::string split(std::span<const Case> cases) {
    return fmt::format("{} {} {}", grouped(count(cases)), name(cases.front().state), where(cases));
  }

  void sources() {
    section("READ BY");
    for (const auto& way : in_.ways) line(way);
    line(fmt::format("took {}", duration(in_.took)));
  }

  void not_seen() {
    section("NOT SEEN");
    for (const auto& gap : facts_.gaps) add_absence(page_, absence(gap, facts_));
  }

  void step(const Step& s) { page_.command(s.command, s.note); }
  void own_step(Step s) { step(of_file(std::move(s), facts_)); }

  void next() {
    section("NEXT");
    if (!p_.faults.empty()) {
      const auto fault = first_fault();
      const auto pid = number(fault.finding.culprits.front().pid);
      const auto this_one = of_file({fmt::format("whywait inspect {}", pid), ""}, facts_);
      for (const auto& s : steps(fault, facts_)) {
        if (s.command != this_one.command) step(s);
      }
      return;
    }
    if (const auto* pid = std::get_if<Pid>(&p_.target))
      return own_step({fmt::format("whywait list --pid {}", number(*pid)), "each of its connections"});
    if (const auto* port = std::get_if<Port>(&p_.target))
      own_step({fmt::format("whywait list --port {}", static_cast<uint16_t>(*port)), "each of them"});
    if (p_.subjects.empty()) return own_step({"whywait", "what is a fault, and whose"});
    own_step({fmt::format("whywait inspect {}", number(p_.subjects.front().pid)), "all about the process"});
  }

  // The findings; the process that the user asked about precedes the others that must act.
  Verdict first_fault() const {
    Verdict v{.finding = in_.judgement.faults.at(p_.faults.front()).finding};
    const auto* pid = std::get_if<Pid>(&p_.target);
    std::stable_partition(v.finding.culprits.begin(), v.finding.culprits.end(),
                          [&](const Culprit& c) { return pid != nullptr && c.pid == *pid; });
    return v;
  }

  const Inspection& in_;
  const Facts& facts_;
  const Portrait& p_;
  const HolderIndex index_;
  Page page_;
};

}  // namespace

Page portrait_page(const Inspection& inspection) { return PortraitPage(inspection).make(); }

}  // namespace whywait::render
