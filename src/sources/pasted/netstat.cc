// netstat of Linux (net-tools, busybox), the BSDs, macOS, AIX and HP-UX:
//
//   [socket [flowhash]] tcp  recv-q send-q local remote [state [user inode] [pid/program] [timer (a/b/c)]]
//
// The systems differ in what parts the port from the address and in what follows the state. Also its
// offspring: a row whose "tcp" was cut off, one that lost its addresses, addresses and ports in columns of
// their own, and what meterpreter prints of Windows in the same shape, with ports that wrap.
#include "sources/pasted/parser.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace whywait::pasted {
namespace {

constexpr std::string_view kTcp = "tcp";

// tcp, tcp4, tcp6, tcp46, tcp6only …
bool is_tcp(std::string_view word) {
  if (!word.starts_with(kTcp) || word.size() > 8) return false;
  const auto rest = word.substr(kTcp.size());
  return rest.empty() || rest.front() == '4' || rest.front() == '6';
}

bool is_other_protocol(std::string_view word) {
  constexpr std::string_view kOthers[] = {"udp",     "udp4",   "udp6",  "udp46", "raw",  "raw6", "icmp",
                                          "icm4",    "icm6",   "icmp6", "unix",  "sctp", "igmp", "udpl",
                                          "udplite", "divert", "dccp",  "ipv6",  "mptcp"};
  return std::find(std::begin(kOthers), std::end(kOthers), word) != std::end(kOthers) ||
         word.starts_with("udplite");
}

// A socket's address in the kernel's memory, or a hash.
bool is_handle(std::string_view word) { return is_hex(word.starts_with("0x") ? word.substr(2) : word); }

Family family_of(std::string_view proto) {
  return proto.find('6') == std::string_view::npos ? Family::V4 : Family::V6;
}

struct Timed {
  std::string_view word;
  TimerKind kind;
};
// net-tools, netstat.c, tcp_do_one.
constexpr Timed kTimers[] = {{"off", TimerKind::None},
                             {"on", TimerKind::Retransmit},
                             {"keepalive", TimerKind::KeepAlive},
                             {"timewait", TimerKind::TimeWait},
                             {"probe", TimerKind::ZeroWindowProbe},
                             // Its translations: German, Czech, Portuguese of Brazil, Estonian, Japanese.
                             {"aus", TimerKind::None},
                             {"ein", TimerKind::Retransmit},
                             {"vyp", TimerKind::None},
                             {"zapnut", TimerKind::Retransmit},
                             {"desligado", TimerKind::None},
                             {"em", TimerKind::Retransmit},
                             {"eikäi", TimerKind::None},
                             {"käib", TimerKind::Retransmit},
                             {"オフ", TimerKind::None},
                             {"オン", TimerKind::Retransmit},
                             {"キープアライブ", TimerKind::KeepAlive},
                             {"時間待ち", TimerKind::TimeWait}};

bool is_timer(std::string_view numbers) {
  return numbers.starts_with('(') && numbers.ends_with(')') &&
         numbers.find_first_not_of("0123456789./()") == std::string_view::npos &&
         numbers.find('/') != std::string_view::npos;
}

// "keepalive (7196.98/0/0)": seconds left, retransmits, unanswered probes.
std::optional<Timer> timer_of(std::string_view word, std::string_view numbers) {
  const auto* const kind =
      std::find_if(std::begin(kTimers), std::end(kTimers), [&](const Timed& t) { return t.word == word; });
  if (kind == std::end(kTimers)) return std::nullopt;
  numbers.remove_prefix(numbers.find_first_not_of('('));  // two in Estonian
  const auto slash = numbers.find('/');
  const auto left = decimal(numbers.substr(0, slash));
  const auto rest = numbers.substr(slash + 1);
  const bool probes = kind->kind == TimerKind::KeepAlive || kind->kind == TimerKind::ZeroWindowProbe;
  const auto second = std::min(rest.find_first_of("/)"), rest.size());
  auto last = rest.substr(std::min(second + 1, rest.size()));
  last = last.substr(0, last.find(')'));
  const auto tries = number<uint32_t>(probes && !last.empty() ? last : rest.substr(0, second));
  constexpr double kLongest = 4e6;  // in seconds; a longer time is not a timer
  if (!left || !tries || !(*left >= 0) || *left > kLongest) return std::nullopt;
  return Timer{.kind = kind->kind,
               .retransmits = static_cast<uint8_t>(std::min(*tries, 255U)),
               .expires_in = Milliseconds(std::llround(*left * 1000))};
}

// "2817/payments", also with blanks in the name: the words from `first` to `last`.
std::optional<Owner> owner_of(const Words& words, size_t first, size_t last) {
  const auto slash = words[first].find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto pid = number<int32_t>(words[first].substr(0, slash));
  if (!pid || *pid < 0) return std::nullopt;
  return Owner{.pid = Pid{*pid}, .name = words.from(first, last).substr(slash + 1)};
}

// The positions of those columns of the header that determine what a row means.
struct Header {
  size_t local_width = 0;  // characters that an address has room for; 0: unknown
  size_t remote_width = 0;
  std::optional<size_t> owner;  // columns after the state: macOS, -v

  Header() = default;
  Header(std::string_view text, const Words& words) {
    const auto local = text.find("Local Address");
    const auto remote = text.find("Foreign Address");
    const auto state = std::min({text.find("(state)"), text.find("TCP-State"), text.find("State")});
    if (local != std::string_view::npos && remote != std::string_view::npos && remote > local)
      local_width = remote - local - 1;
    if (remote != std::string_view::npos && state != std::string_view::npos && state > remote)
      remote_width = state - remote - 1;
    for (size_t i = 0, at = 0; i < words.size(); ++i) {
      if (words[i] == "(state)") at = i;
      if (at > 0 && (words[i] == "pid" || words[i] == "process:pid")) owner = i - at - 1;
    }
  }
};

class Netstat : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    if (words[0] == "Proto" || (words.size() > 3 && (words[1] == "Proto" || words[2] == "Proto"))) {
      return take_header(line.text, words, sheet);
    }
    if (const auto row = std::exchange(unfinished_, {}); row && take_state_of(row, words, sheet))
      return Taken::Part;
    if (wrapped_ && words.size() == 1 && is_number(words[0])) return take_wrapped(words[0], sheet);
    wrapped_ = {};
    size_t at = 0;
    while (at < 2 && !is_tcp(words[at]) && is_handle(words[at])) ++at;  // the socket's address, and a hash
    if (is_tcp(words[at])) return take_row(words, at + 1, family_of(words[at]), sheet);
    if (is_other_protocol(words[at]) && words.size() > at + 2) return Taken::Other;
    if (lost_its_protocol(words)) return take_row(words, 0, Family::V4, sheet);
    return Taken::NotMine;
  }

  bool take_plain_row(const Connection& row, Sheet& sheet) override {
    wrapped_ = {};
    sheet.of_system(System::Linux);
    sheet.of_tool("netstat");
    sheet.add(row);
    return true;
  }

 private:
  struct Wrapped {
    uint32_t row = 0;
    std::string text;
    explicit operator bool() const { return !text.empty(); }
  };

  struct Ends {
    Endpoint local;
    Endpoint remote;
    size_t next = 0;      // the word after them
    bool dotted = false;  // a dot before the port, as everywhere but on Linux
  };

  // Titles tell systems apart that print the same rows.
  Taken take_header(std::string_view text, const Words& words, Sheet& sheet) {
    const bool has_queues =
        text.find("Recv-Q") != std::string_view::npos || text.find("RefCnt") != std::string_view::npos;
    if (!has_queues && text.find("Local") == std::string_view::npos) return Taken::NotMine;
    if (text.find("RefCnt") != std::string_view::npos) return Taken::Part;
    if (!has_queues) return Taken::NotMine;
    header_ = Header(text, words);
    is_wide_ = false;
    if (text.find("Flowhash") != std::string_view::npos || text.find("rxbytes") != std::string_view::npos ||
        text.find("process:pid") != std::string_view::npos || text.find("rhiwat") != std::string_view::npos) {
      sheet.of_system(System::MacOs);
    } else if (text.find("Tcpcb") != std::string_view::npos ||
               text.find("Log ID") != std::string_view::npos) {
      sheet.of_system(System::FreeBsd);
    }
    sheet.begin_section();
    return Taken::Part;
  }

  // "32      0 10.0.0.1:60739    10.0.0.2:9443       CLOSE_WAIT": a paste that began too late.
  static bool lost_its_protocol(const Words& words) {
    return words.size() >= 5 && is_number(words[0]) && is_number(words[1]) && is_end(words[2]) &&
           is_end(words[3]) && state_word(words[4]);
  }

  // `at` is where the queues are.
  Taken take_row(const Words& words, size_t at, Family family, Sheet& sheet) {
    Connection c;
    const auto recv_q = number<uint32_t>(words[at]);
    const auto send_q = number<uint32_t>(words[at + 1]);
    if (!recv_q || !send_q) return take_meterpreter(words, at, sheet);
    const auto ends = ends_of(words, at + 2, family, sheet);
    if (!ends) return take_without_ends(words, at + 2, sheet);
    c.local = ends->local;
    c.remote = ends->remote;
    size_t next = ends->next;
    // ss -H under a filter
    if (begins_details_of_ss(words[next])) return Taken::NotMine;
    const auto state = take_state(words, next);
    if (state) {
      c.state = state->state;
      if (!state->is_connected && c.remote == Endpoint{c.remote.address, 0} && !c.remote.address.is_named())
        return Taken::Unconnected;
    } else {
      c.state = sheet.assumed().value_or(State::Unknown);
      if (next < words.size() && is_untranslated_listener(words[next], c)) {
        c.state = State::Listen;
        ++next;
      }
    }
    c.state = c.state == State::Closed && !state ? State::Unknown : c.state;
    if (!ends->dotted) {
      set_queues_of_linux(c, *recv_q, *send_q);
    } else if (c.state != State::Listen) {
      c.set_recv_q(*recv_q);
      c.set_send_q(*send_q);
    }
    sheet.of_tool("netstat");
    const auto row = sheet.add(c);
    if (!state && next == words.size()) unfinished_ = {row, std::string(words[next - 1])};
    if (!ends->dotted)
      take_rest(words, next, row, sheet);
    else if (header_.owner)
      take_owner(words, next + *header_.owner, row, sheet);
    return Taken::Row;
  }

  // Some translations are two words.
  static std::optional<StateWord> take_state(const Words& words, size_t& next) {
    for (const size_t length : {1U, 2U}) {
      const auto state = state_word(words.from(next, next + length - 1));
      if (!state) continue;
      next += length;
      return state;
    }
    return std::nullopt;
  }

  // A word for a state in a language that is not known here: of a socket without a remote end it can mean but
  // one.
  static bool is_untranslated_listener(std::string_view word, const Connection& c) {
    const bool is_word =
        std::none_of(word.begin(), word.end(), [](char ch) { return (ch >= '0' && ch <= '9') || ch == '/'; });
    return is_word && word.size() > 3 && c.remote.port == 0 && c.remote.address.is_unspecified();
  }

  std::optional<Ends> ends_of(const Words& words, size_t at, Family family, Sheet& sheet) {
    // The port may have a column of its own.
    const auto is_port = [](std::string_view w) { return w == "*" || is_number(w); };
    if (words.size() >= at + 4 && is_port(words[at + 1]) && is_port(words[at + 3])) {
      const auto local = sheet.end(words[at], words[at + 1], family);
      const auto remote = sheet.end(words[at + 2], words[at + 3], family);
      if (local && remote) return Ends{.local = *local, .remote = *remote, .next = at + 4};
    }
    auto local = sheet.end(words[at], family);
    auto remote = sheet.end(words[at + 1], family);
    if (!local || !remote) return std::nullopt;
    const auto parting = words[at].find_last_of(":.");
    const bool dotted = parting != std::string_view::npos && words[at][parting] == '.';
    if (dotted) {
      if (fills(words[at], header_.local_width)) local = sheet.cut_end(words[at]);
      if (fills(words[at + 1], header_.remote_width)) remote = sheet.cut_end(words[at + 1]);
    } else {
      sheet.of_system(System::Linux);
      is_wide_ = is_wide_ || std::max(words[at].size(), words[at + 1].size()) > kLinuxWidth;
      if (may_be_cut(words[at])) local = sheet.cut_end(words[at]);
      if (may_be_cut(words[at + 1])) remote = sheet.cut_end(words[at + 1]);
    }
    return Ends{.local = *local, .remote = *remote, .next = at + 2, .dotted = dotted};
  }

  // BSD's netstat makes an address of at most 16 characters, a dot and the port, and cuts that to the column:
  // 22, or 18 beside the address of the socket (inetprint of usr.bin/netstat/inet.c). A number fits into the
  // wider one. Columns of other widths have room for every address, or are of a header that lost blanks on
  // its way here.
  static bool fills(std::string_view end, size_t width) {
    constexpr size_t kPlain = 22;
    constexpr size_t kWithAddresses = 18;
    if (end.size() < width) return false;
    return width == kWithAddresses || (width == kPlain && !is_number(end.substr(end.rfind('.') + 1)));
  }

  // An address that fills its column to the last character. net-tools cuts an IPv6 address before it adds the
  // port, busybox cuts the port as well, and the rest may still be a valid address.
  bool may_be_cut(std::string_view end) const {
    const bool is_v6 = end.find(':') != end.rfind(':');
    return is_v6 && end.size() == kLinuxWidth && !is_wide_ && header_.local_width <= kLinuxWidth;
  }

  // Only the state of a row and the columns after it are left.
  static Taken take_without_ends(const Words& words, size_t at, Sheet& sheet) {
    const auto state = state_word(words[at]);
    if (!state || !state->is_connected) return Taken::Unclear;
    // conntrack's: the number of the protocol and a timeout stand where the queues would.
    if (words.from(at).find("src=") != std::string_view::npos) return Taken::NotMine;
    Connection c;
    c.state = state->state;
    c.local = c.remote = sheet.named_end("?");
    const auto row = sheet.add(c);
    take_rest(words, at + 1, row, sheet);
    return Taken::Row;
  }

  // tcp local remote state user inode pid/program, of Windows.
  Taken take_meterpreter(const Words& words, size_t at, Sheet& sheet) {
    const auto state = state_word(words[at + 2]);
    if (!state || !state->is_connected || !is_number(words[at + 3])) return Taken::NotMine;
    Connection c;
    c.state = state->state;
    const auto local = sheet.end(words[at]);
    const auto remote = sheet.end(words[at + 1]);
    const bool wraps = !remote && words[at + 1].ends_with(':');
    if (!local || (!remote && !wraps)) return Taken::Unclear;
    c.local = *local;
    c.remote = remote.value_or(Endpoint());
    sheet.of_system(System::Windows);
    sheet.of_tool("netstat");
    const auto row = sheet.add(c);
    if (const auto owner = owner_of(words, at + 5, words.size() - 1)) sheet.hold(row, *owner);
    wrapped_ = {.row = row, .text = std::string(words[at + 1])};
    return Taken::Row;
  }

  // The state of a wrapped row and the columns after it; digits before it are the rest of the port.
  static bool take_state_of(const Wrapped& row, const Words& words, Sheet& sheet) {
    const size_t at = is_number(words[0]) ? 1 : 0;
    const auto state = state_word(words[at]);
    if (!state || !state->is_connected) return false;
    auto& c = sheet.row(row.row);
    if (at == 1) {
      const auto whole = sheet.end(row.text + std::string(words[0]));
      c.remote = whole ? *whole : sheet.cut_end(row.text);
    }
    c.state = state->state;
    take_rest(words, at + 1, row.row, sheet);
    return true;
  }

  // The rest of a remote port, on a line of its own.
  Taken take_wrapped(std::string_view digits, Sheet& sheet) {
    const auto whole = sheet.end(wrapped_.text + std::string(digits));
    if (!whole) return Taken::Unclear;
    sheet.row(wrapped_.row).remote = *whole;
    wrapped_ = {};
    return Taken::Part;
  }

  static void take_rest(const Words& words, size_t at, uint32_t row, Sheet& sheet) {
    auto& c = sheet.row(row);
    size_t end = words.size();
    if (end >= at + 2 && is_timer(words[end - 1])) {
      if (const auto timer = timer_of(words[end - 2], words[end - 1])) c.set_timer(*timer);
      end -= 2;
    }
    if (at + 1 < end && is_number(words[at + 1]) && words[at].find('/') == std::string_view::npos &&
        words[at] != "-") {
      if (const auto uid = number<uint32_t>(words[at])) c.set_uid(*uid);
      if (const auto inode = number<uint32_t>(words[at + 1])) c.set_inode(*inode);
      at += 2;
    }
    if (at >= end) return;
    if (const auto owner = owner_of(words, at, end - 1)) {
      sheet.hold(row, *owner);
    } else if (words[at] == "-" && at + 1 == end && c.inode().value_or(1) != 0) {
      sheet.hide_holder();
    }
  }

  // macOS: "812", or "Google Chrome:812" with as many words as the name has; 0 is nobody.
  static void take_owner(const Words& words, size_t at, uint32_t row, Sheet& sheet) {
    for (size_t i = at; i < words.size(); ++i) {
      const auto colon = words[i].rfind(':');
      const bool has_name = colon != std::string_view::npos;
      if (i > at && !has_name) continue;
      const auto pid = number<int32_t>(words[i].substr(has_name ? colon + 1 : 0));
      if (!pid) continue;
      const auto whole = words.from(at, i);
      if (*pid > 0)
        sheet.hold(row, {.pid = Pid{*pid}, .name = has_name ? whole.substr(0, whole.rfind(':')) : ""});
      return;
    }
  }

  static constexpr size_t kLinuxWidth = 23;

  Header header_;
  bool is_wide_ = false;  // no address is cut: -W
  Wrapped wrapped_;
  Wrapped unfinished_;  // a row whose state may be on the next line
};

}  // namespace

std::unique_ptr<Parser> netstat_parser() { return std::make_unique<Netstat>(); }

}  // namespace whywait::pasted
