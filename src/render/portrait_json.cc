#include "diagnose/cases.h"
#include "render/chain_json.h"
#include "render/ids.h"
#include "render/json.h"
#include "render/listing_rows.h"
#include "render/portrait_words.h"
#include "render/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

// Connections shown one by one.
constexpr size_t kConnections = 10;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json or_none(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json target_json(const Target& target) {
  if (const auto* pid = std::get_if<Pid>(&target)) return {{"kind", "process"}, {"pid", number(*pid)}};
  if (const auto* port = std::get_if<Port>(&target))
    return {{"kind", "port"}, {"port", static_cast<uint16_t>(*port)}};
  const auto& ends = std::get<Ends>(target);
  return {{"kind", "connection"}, {"ends", {json_of(ends.one), json_of(ends.other)}}};
}

// Stands in the place of a missing fact.
Json missing_json(Missing missing, const Facts& facts, std::string_view source) {
  return {{"missing", reason(missing, facts)}, {"source", source}};
}

Json process_json(Pid pid, const Facts& facts) {
  const auto& p = facts.process(pid);
  Json out = {{"pid", number(pid)}, {"name", p ? Json(p->name) : Json()}};
  if (!p) out["missing"] = reason(p.error(), facts);
  return out;
}

class PortraitJson {
 public:
  explicit PortraitJson(const Inspection& in)
      : in_(in), facts_(in.facts), p_(in.portrait), index_(index_of(in.facts.holders)) {}

  Json all() const {
    auto not_seen = Json::array();
    for (const auto& gap : facts_.gaps) {
      const auto a = absence(gap, facts_);
      not_seen.push_back({{"what", a.what}, {"why", a.why}, {"remedy", in_one_line(a.remedy)}});
    }
    return {{"schema", "whywait.portrait/1"},
            {"host", facts_.host},
            {"boot_id", facts_.boot_id},
            {"taken_at", rfc3339(facts_.taken_at)},
            {"took_ms", in_.took.count()},
            {"source", facts_.source},
            {"read_by", std::vector<std::string>(in_.ways.begin(), in_.ways.end())},
            {"target", target_json(p_.target)},
            {"processes", list(p_.subjects, [&](const Subject& s) { return subject(s); })},
            {"process_total", p_.subject_total},
            {"sockets", sockets()},
            {"services", list(p_.services, [&](const ServiceTally& s) { return service(s); })},
            {"service_total", p_.service_total},
            {"listeners", first(p_.listeners)},
            {"connections", std::holds_alternative<Ends>(p_.target) ? first(p_.rows) : Json::array()},
            {"no_holder", no_holder()},
            {"other_ends", other_ends()},
            {"wait_chain", chains()},
            {"verdicts", verdicts()},
            {"not_seen", not_seen}};
  }

 private:
  const Connection& row(uint32_t i) const { return facts_.table.connections[i]; }

  template <class T, class F>
  static Json list(const std::vector<T>& items, const F& json_of_item) {
    auto out = Json::array();
    for (const auto& item : items) out.push_back(json_of_item(item));
    return out;
  }

  Json subject(const Subject& s) const {
    auto out = process_json(s.pid, facts_);
    const auto& p = facts_.process(s.pid);
    if (p) {
      out["command_line"] = p->command_line;
      out["start_time"] = facts_.dump ? Json() : Json(rfc3339(p->started));
      out["unit"] = or_none(p->unit);
      out["container"] = or_none(p->container);
      out["frozen"] = p->frozen ? Json(*p->frozen) : Json();
    }
    out["source"] = from_process(facts_);
    out["holds"] = s.holds;
    out["descriptors"] = p ? descriptors(s.descriptors, p->descriptors)
                           : missing_json(p.error(), facts_, from_descriptors(facts_));
    out["threads"] = threads(s);
    return out;
  }

  Json descriptors(const DescriptorTally& t, const Answer<Descriptors>& d) const {
    if (!d) return missing_json(d.error(), facts_, from_descriptors(facts_));
    Json out = {{"open", d->open}, {"limit", or_null(d->limit)}, {"pipes_to_others", d->pipes}};
    if (facts_.holders && !p_.sockets_missing) {
      out["sockets"] = {
          {"tcp", t.tcp},     {"dead", t.dead},       {"mptcp", t.mptcp},      {"unconnected", t.unconnected},
          {"other", t.other}, {"unknown", t.unknown}, {"in_rings", t.in_rings}};
    }
    out["source"] = from_descriptors(facts_);
    return out;
  }

  Json threads(const Subject& s) const {
    const auto& threads = facts_.threads_of(s.pid);
    if (!threads) return missing_json(threads.error(), facts_, from_tasks(facts_));
    return {{"count", threads->list.size()},
            {"window_ms", threads->window.count()},
            {"blocked_on", s.blocked_on ? Json(id(s.blocked_on->kind)) : Json()},
            {"groups", list(s.threads, [&](const ThreadTally& t) { return thread(t); })},
            {"source", from_tasks(facts_)}};
  }

  Json thread(const ThreadTally& t) const {
    Json out = {{"count", t.count},
                {"first_tid", static_cast<int32_t>(t.tid)},
                {"state", id(t.state)},
                {"call", t.call ? Json(id(*t.call)) : Json()},
                {"call_missing", t.call ? Json() : Json(reason(t.call.error(), facts_))},
                {"fd", or_null(t.fd)},
                {"waits_on", id(t.waits_on)},
                {"connection", t.waits_on == WaitsOn::Socket ? ends(t.row) : Json()},
                {"wait_channel", t.wait_channel ? or_none(*t.wait_channel) : Json()},
                {"cpu_us", t.ran_known == 0 ? Json() : Json(t.ran.count() / 1000)}};
    out["last_given_cpu_s"] = t.last_given_cpu ? seconds(*t.last_given_cpu) : Json();
    return out;
  }

  Json ends(uint32_t i) const {
    const auto& c = row(i);
    return {{"netns", static_cast<uint32_t>(c.netns)},
            {"state", name(c.state)},
            {"local", json_of(c.local)},
            {"remote", json_of(c.remote)}};
  }

  Json sockets() const {
    if (p_.sockets_missing) return missing_json(*p_.sockets_missing, facts_, from_descriptors(facts_));
    auto states = Json::array();
    for (const auto& [state, t] : p_.states) {
      states.push_back({{"state", name(state)},
                        {"count", t.count},
                        {"not_accepted", t.unaccepted},
                        {"recv_q", {{"connections", t.with_recv_q}, {"bytes", t.recv_q}}},
                        {"send_q", {{"connections", t.with_send_q}, {"bytes", t.send_q}}},
                        {"oldest", json_of(t.oldest)},
                        {"epoll", epoll(t.epoll)}});
    }
    const auto after = facts_.second.after();
    return {{"count", p_.rows.size()},
            {"states", states},
            {"second_look",
             {{"looked_at", p_.looked_again},
              {"moved", p_.moved},
              {"after_s", after ? seconds(*after) : Json()},
              {"source", kFromSecondLook}}},
            {"source", kFromTable}};
  }

  Json epoll(const EpollTally& t) const {
    if (t.known == 0) return {{"missing", no_epoll_because(in_)}, {"source", source_of_details(facts_)}};
    return {{"known", t.known},
            {"in_no_set", t.unwatched},
            {"disarmed", t.disarmed},
            {"pending", t.pending_known == 0 ? Json() : Json(t.pending)},
            {"source", source_of_details(facts_)}};
  }

  static Json service(const ServiceTally& s) {
    auto states = Json::object();
    for (const auto& [state, n] : s.states) states[std::string(name(state))] = n;
    const bool is_server = s.side == Side::Server;
    auto peers = list(s.peers, [](const PeerTally& p) {
      return Json{{"address", whywait::text(p.address)}, {"count", p.count}};
    });
    return {{"side", id(s.side)},        {"address", is_server ? Json() : Json(whywait::text(s.end.address))},
            {"port", s.end.port},        {"count", s.count},
            {"states", states},          {"peers", peers},
            {"peer_total", s.peer_total}};
  }

  Json first(const std::vector<uint32_t>& rows) const {
    auto out = Json::array();
    for (const auto i : rows) {
      if (out.size() == kConnections) break;
      out.push_back(connection(i));
    }
    return out;
  }

  Json connection(uint32_t i) const {
    const auto& c = row(i);
    auto out = ends(i);
    out["recv_q"] = or_null(c.recv_q());
    out["send_q"] = or_null(c.send_q());
    out["cookie"] = c.cookie() ? Json(fmt::format("{:x}", *c.cookie())) : Json();
    out["inode"] = or_null(c.printed_inode());
    out["uid"] = or_null(c.uid());
    const auto age = age_of_row(facts_.table, i, facts_.uptime);
    out["age"] = age ? json_of(*age) : Json();
    const auto timer = running_timer(c);
    out["timer"] = timer ? Json{{"kind", id(timer->kind)},
                                {"expires_in_s", seconds(timer->expires_in)},
                                {"retransmits", timer->retransmits}}
                         : Json();
    auto holders = Json::array();
    for (const auto& h : index_.of(c)) {
      if (holders.size() == kConnections) break;
      holders.push_back({{"pid", number(h.pid)}, {"name", process_name(facts_, h.pid)}, {"fd", h.fd}});
    }
    out["no_owner_because"] = holders.empty() ? Json(no_holder_because(in_, i)) : Json();
    out["holders"] = std::move(holders);
    out["tcp_info"] = info(facts_.table.info(c));
    const auto& later = facts_.second.of(i);
    out["unchanged_at_second_look"] =
        later ? Json(again(c, facts_.table.info(c), *later) == ChangeSince::Same) : Json();
    out["waiters"] = waiters(i);
    out["source"] = kFromTable;
    return out;
  }

  static Json info(const TcpInfo* info) {
    if (info == nullptr) return nullptr;
    return {{"bytes_received", info->bytes_received},
            {"bytes_sent", info->bytes_sent},
            {"last_data_received_s", seconds(Milliseconds(info->last_data_received_ms))},
            {"last_data_sent_s", seconds(Milliseconds(info->last_data_sent_ms))},
            {"last_ack_received_s", seconds(Milliseconds(info->last_ack_received_ms))}};
  }

  Json waiters(uint32_t i) const {
    const auto count = facts_.details ? facts_.details->of(i).waiters() : std::nullopt;
    if (!count) return nullptr;
    auto tids = Json::array();
    for (const auto& w : facts_.details->waiters_of(i)) tids.push_back(static_cast<int32_t>(w.tid));
    return {{"count", *count}, {"tids", tids}, {"source", source_of_details(facts_)}};
  }

  Json no_holder() const {
    auto out = Json::array();
    for (const auto& [why, t] : p_.no_holder)
      out.push_back({{"why", id(why)}, {"count", t.count}, {"source", from_descriptors(facts_)}});
    return out;
  }

  Json other_ends() const {
    auto here = Json::array();
    for (const auto& end : p_.other_ends) {
      if (here.size() == kOtherEndsNamed) break;
      here.push_back(
          {{"state", name(end.here)},
           {"state_there", name(end.there)},
           {"count", end.count},
           {"holders", list(end.holders, [&](Pid pid) { return process_json(pid, facts_); })},
           {"no_owner_because", end.holders.empty() ? Json(no_holder_because(in_, end.mirror)) : Json()},
           {"sample", ends(end.row)}});
    }
    return {{"on_this_host", here},
            {"total", p_.other_ends.size()},
            {"gone", p_.ended_there},
            {"not_seen", p_.elsewhere},
            {"source", kFromTable}};
  }

  // The chains of all subjects, one after the other: each hop names where it begins.
  Json chains() const {
    auto out = Json::array();
    for (const auto& s : p_.subjects) {
      for (auto& hop : chain_json(s.chain, facts_)) out.push_back(std::move(hop));
    }
    return out;
  }

  Json verdicts() const {
    auto out = Json::array();
    const auto add = [&](const Verdict& v) {
      out.push_back({{"id", v.id},
                     {"cause", id(v.finding.cause)},
                     {"fault", v.finding.fault},
                     {"severity", id(v.finding.severity)},
                     {"confidence", id(v.finding.confidence)},
                     {"state", name(v.cases.front().state)},
                     {"count", count(v.cases)},
                     {"why", why_lines(v, facts_)}});
    };
    for (const auto i : p_.faults) add(in_.judgement.faults.at(i));
    for (const auto i : p_.normal) add(in_.judgement.normal.at(i));
    for (const auto i : p_.undecided) {
      const auto& open = in_.judgement.undecided.at(i);
      out.push_back({{"candidates", list(open.candidates, [](Cause c) { return Json(id(c)); })},
                     {"state", name(open.cases.front().state)},
                     {"count", count(open.cases)}});
    }
    return out;
  }

  const Inspection& in_;
  const Facts& facts_;
  const Portrait& p_;
  const HolderIndex index_;
};

}  // namespace

std::string portrait_json(const Inspection& inspection) {
  return dump(PortraitJson(inspection).all()) + "\n";
}

}  // namespace whywait::render
