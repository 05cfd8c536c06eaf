// ss of iproute2:
//
//   [Netid] State Recv-Q Send-Q Local:Port Peer:Port [users:(…)] [timer:(…)] [uid:… ino:… sk:…]
//        [more of the same, or what -i tells, on a line of its own]
//
// Under a filter for one state, ss leaves out the column. With -e every row names its inode, 0 where there is
// none.
#include "sources/pasted/parser.h"

#include <algorithm>
#include <cmath>

namespace whywait::pasted {
namespace {

constexpr std::string_view kNetids[] = {
    "tcp",   "udp",   "raw",   "u_str", "u_dgr", "u_seq", "nl",    "p_raw", "p_dgr", "icmp6", "sctp", "dccp",
    "mptcp", "v_str", "v_dgr", "tipc",  "xdp",   "???",   "ti_rd", "ti_st", "ti_sq", "ti_dg", "ptype"};

bool is_netid(std::string_view word) {
  return std::find(std::begin(kNetids), std::end(kNetids), word) != std::end(kNetids);
}

// "118min", "1min12sec", "200ms", "1day2hour", and "7.500ms", which is seven seconds and a half: with
// milliseconds, the point stands for "sec" (print_ms_timer of misc/ss.c).
std::optional<Milliseconds> span_of(std::string_view text) {
  struct Unit {
    std::string_view name;
    double milliseconds;
  };
  constexpr Unit kUnits[] = {{"ms", 1}, {"min", 60e3}, {"sec", 1e3}, {"hour", 3600e3}, {"day", 86400e3}};
  constexpr double kLongest = 4e9;
  double sum = 0;
  while (!text.empty()) {
    const auto digits = text.find_first_not_of("0123456789.");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    const auto value = decimal(text.substr(0, digits));
    const bool has_point = text.substr(0, digits).find('.') != std::string_view::npos;
    text.remove_prefix(digits);
    const auto* const unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                          [&](const Unit& u) { return text.starts_with(u.name); });
    if (!value || unit == std::end(kUnits)) return std::nullopt;
    sum += *value * (has_point && unit->name == "ms" ? 1e3 : unit->milliseconds);
    text.remove_prefix(unit->name.size());
  }
  if (!(sum >= 0) || sum > kLongest) return std::nullopt;
  return Milliseconds(std::llround(sum));
}

std::optional<TimerKind> timer_kind(std::string_view word) {
  if (word == "on") return TimerKind::Retransmit;
  if (word == "keepalive") return TimerKind::KeepAlive;
  if (word == "timewait") return TimerKind::TimeWait;
  if (word == "persist") return TimerKind::ZeroWindowProbe;
  if (word == "off") return TimerKind::None;
  return std::nullopt;
}

// "(keepalive,118min,0)"
std::optional<Timer> timer_of(std::string_view text) {
  if (!text.starts_with('(') || !text.ends_with(')')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  const auto first = text.find(',');
  const auto second = text.rfind(',');
  if (first == std::string_view::npos || second == first) return std::nullopt;
  const auto kind = timer_kind(text.substr(0, first));
  const auto left = span_of(text.substr(first + 1, second - first - 1));
  const auto tries = number<uint32_t>(text.substr(second + 1));
  if (!kind || !left || !tries) return std::nullopt;
  return Timer{
      .kind = *kind, .retransmits = static_cast<uint8_t>(std::min(*tries, 255U)), .expires_in = *left};
}

class Ss : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    if (line.text.find("Address:Port") != std::string_view::npos) return take_header(words, sheet);
    const auto taken = take_row(line.text, words, sheet);
    if (taken != Taken::NotMine || !row_) return taken;
    return take_more(line.text, words, sheet);
  }

  Taken finish(Sheet& sheet) override {
    if (is_new_) {
      for (const auto row : any_) {
        for (auto* end : {&sheet.row(row).local, &sheet.row(row).remote}) {
          if (end->address.is_unspecified()) end->address = Address();
        }
      }
    }
    any_.clear();
    return Taken::NotMine;
  }

 private:
  Taken take_header(const Words& words, Sheet& sheet) {
    const auto assumed = sheet.assumed();
    sheet.begin_section();
    sheet.of_system(System::Linux);
    row_.reset();
    in_other_ = false;
    has_state_ = words[0] != "Recv-Q" && words[1] != "Recv-Q";
    if (words[0] == "Netid") has_state_ = words[1] == "State";
    has_header_ = true;
    if (!has_state_) sheet.assume(assumed);
    return Taken::Part;
  }

  Taken take_row(std::string_view text, const Words& words, Sheet& sheet) {
    const bool has_netid = is_netid(words[0]);
    size_t at = has_netid ? 1 : 0;
    const auto state = state_word(words[at]);
    if (state) ++at;
    if (!is_number(words[at]) || !is_number(words[at + 1])) return Taken::NotMine;
    const bool may_lack_state =
        (has_header_ && !has_state_) || sheet.assumed() || begins_details_of_ss(words[at + 4]);
    if (!state && (!may_lack_state || state_word(words[at + 4]))) return Taken::NotMine;
    if (has_netid && words[0] != "tcp") {
      row_.reset();
      in_other_ = true;
      return Taken::Other;
    }
    const auto local = sheet.end(words[at + 2]);
    const auto remote = sheet.end(words[at + 3]);
    if (!local || !remote) return has_netid || in_other_ ? Taken::Unclear : Taken::NotMine;
    const bool is_closed = state ? !state->is_connected : sheet.assumed() == State::Closed;
    if (is_closed && remote->port == 0 && !remote->address.is_named()) {
      row_.reset();
      in_other_ = true;
      return Taken::Unconnected;
    }
    in_other_ = false;
    Connection c;
    c.state = state ? state->state : sheet.assumed().value_or(State::Unknown);
    c.local = *local;
    c.remote = *remote;
    add_row(c, text, words, at, sheet);
    return Taken::Row;
  }

  // `at` is where the queues are.
  void add_row(Connection c, std::string_view text, const Words& words, size_t at, Sheet& sheet) {
    if (const auto n = number<uint32_t>(words[at])) c.set_recv_q(*n);
    if (const auto n = number<uint32_t>(words[at + 1])) c.set_send_q(*n);
    sheet.of_system(System::Linux);
    sheet.of_tool("ss");
    row_ = sheet.add(c);
    info_.reset();
    for (const auto end : {words[at + 2], words[at + 3]}) {
      is_new_ = is_new_ || end.starts_with('[') || end.starts_with("0.0.0.0");
    }
    if (words[at + 2].starts_with('*')) any_.push_back(*row_);
    if (words.size() > at + 4) {
      const auto rest = text.substr(static_cast<size_t>(words[at + 4].data() - text.data()));
      take_details(rest, words, at + 4, sheet);
    }
  }

  // A further line of the row: details, each of which has a colon or is a word that TCP's own state has.
  Taken take_more(std::string_view text, const Words& words, Sheet& sheet) {
    if (!text.starts_with(' ') || state_word(words[0])) return Taken::NotMine;
    if (!take_details(text, words, 0, sheet)) return words[0] == "..." ? Taken::Part : Taken::NotMine;
    return Taken::Part;
  }

  // Whether there was one.
  bool take_details(std::string_view text, const Words& words, size_t from, Sheet& sheet) {
    bool any = take_users(text, sheet);
    auto& c = sheet.row(*row_);
    for (size_t i = from; i < words.size(); ++i) {
      const auto word = words[i];
      const auto colon = word.find(':');
      if (colon == std::string_view::npos) continue;
      any = take_detail(word.substr(0, colon), word.substr(colon + 1), c) || any;
    }
    // With -e there is a timer where there is one, and a user where it is not root.
    if (c.cookie() && !c.timer()) c.set_timer({});
    if (c.cookie() && !c.uid()) c.set_uid(0);
    if (info_ && !c.info())
      sheet.set_info(*row_, *info_);
    else if (info_)
      sheet.info(*c.info()) = *info_;
    return any;
  }

  bool take_detail(std::string_view name, std::string_view value, Connection& c) {
    if (name == "timer") {
      if (const auto timer = timer_of(value)) c.set_timer(*timer);
    } else if (name == "uid") {
      if (const auto n = number<uint32_t>(value)) c.set_uid(*n);
    } else if (name == "ino") {
      if (const auto n = number<uint32_t>(value); n && !c.inode()) c.set_inode(*n);
    } else if (name == "sk") {
      if (const auto n = number<uint64_t>(value, 16)) c.set_cookie(*n);
    } else {
      return take_info(name, value);
    }
    return true;
  }

  // A field that ss leaves out is zero (tcp_stats_print in misc/ss.c).
  bool take_info(std::string_view name, std::string_view value) {
    struct Small {
      std::string_view name;
      uint32_t TcpInfo::*field;
    };
    struct Large {
      std::string_view name;
      uint64_t TcpInfo::*field;
    };
    constexpr Small kSmall[] = {
        {"lastsnd", &TcpInfo::last_data_sent_ms},    {"lastrcv", &TcpInfo::last_data_received_ms},
        {"lastack", &TcpInfo::last_ack_received_ms}, {"data_segs_in", &TcpInfo::data_segments_in},
        {"unacked", &TcpInfo::unacknowledged},       {"snd_wnd", &TcpInfo::send_window}};
    constexpr Large kLarge[] = {{"bytes_received", &TcpInfo::bytes_received},
                                {"bytes_acked", &TcpInfo::bytes_acknowledged},
                                {"bytes_sent", &TcpInfo::bytes_sent}};
    for (const auto& [id, field] : kSmall) {
      const auto n = name == id ? number<uint32_t>(value) : std::nullopt;
      if (!n) continue;
      info().*field = *n;
      return true;
    }
    for (const auto& [id, field] : kLarge) {
      const auto n = name == id ? number<uint64_t>(value) : std::nullopt;
      if (!n) continue;
      info().*field = *n;
      return true;
    }
    constexpr std::string_view kOthers[] = {"rto",      "rtt",     "mss",   "cwnd",     "wscale", "retrans",
                                            "segs_out", "segs_in", "skmem", "ssthresh", "cgroup", "send"};
    return std::find(std::begin(kOthers), std::end(kOthers), name) != std::end(kOthers);
  }

  TcpInfo& info() {
    if (!info_) info_.emplace();
    return *info_;
  }

  // users:(("nginx",pid=7,fd=3),("nginx",pid=8,fd=3)), before iproute2 4.0 users:(("nginx",7,3)). A name may
  // hold anything but a quote.
  bool take_users(std::string_view text, Sheet& sheet) const {
    constexpr std::string_view kBegin = "users:((\"";
    auto at = text.find(kBegin);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + kBegin.size());
    while (true) {
      const auto name_end = text.find("\",");
      if (name_end == std::string_view::npos) return true;
      const auto close = text.find(')', name_end);
      if (close == std::string_view::npos) return true;
      const auto numbers = text.substr(name_end + 2, close - name_end - 2);
      const auto pid = numbered(numbers, "pid=", 0);
      const auto fd = numbered(numbers, "fd=", 1);
      if (pid && *pid > 0)
        sheet.hold(*row_, {.pid = Pid{*pid}, .name = text.substr(0, name_end), .fd = fd.value_or(-1)});
      text.remove_prefix(close + 1);
      if (!text.starts_with(",(\"")) return true;
      text.remove_prefix(3);
    }
  }

  // Finds a field by name in "pid=7,tid=9,fd=3", or by position in "7,3".
  static std::optional<int32_t> numbered(std::string_view numbers, std::string_view name, size_t place) {
    const bool has_names = numbers.find('=') != std::string_view::npos;
    for (size_t i = 0;; ++i) {
      const auto comma = std::min(numbers.find(','), numbers.size());
      const auto word = numbers.substr(0, comma);
      if (has_names && word.starts_with(name)) return number<int32_t>(word.substr(name.size()));
      if (!has_names && i == place) return number<int32_t>(word);
      if (comma == numbers.size()) return std::nullopt;
      numbers.remove_prefix(comma + 1);
    }
  }

  bool has_header_ = false;
  bool has_state_ = true;
  bool in_other_ = false;
  std::optional<uint32_t> row_;
  std::optional<TcpInfo> info_;
  // "*" is any address: of IPv6 and IPv4 together, in an ss that has 0.0.0.0 and brackets as well; else of
  // IPv4.
  bool is_new_ = false;
  std::vector<uint32_t> any_;
};

}  // namespace

std::unique_ptr<Parser> ss_parser() { return std::make_unique<Ss>(); }

}  // namespace whywait::pasted
