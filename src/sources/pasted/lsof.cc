// lsof, as a table and as fields (-F):
//
//   COMMAND PID [TID …] [USER] [FD] IPv4 DEVICE SIZE/OFF TCP local->remote (STATE)
//
//   p2817 / cpayments / f7 / tIPv4 / d0x… / PTCP / nlocal->remote / TST=CLOSE_WAIT
//
// One row a descriptor: a socket that two processes hold has two, with the same DEVICE. On Linux DEVICE is
// the inode.
#include "sources/pasted/parser.h"

#include <algorithm>
#include <string>

namespace whywait::pasted {
namespace {

// "local->remote", or "local" of one that listens.
struct Ends {
  Endpoint local;
  Endpoint remote;
  bool has_remote = false;
};

std::optional<Ends> ends_of(std::string_view name, Family family, Sheet& sheet) {
  const auto arrow = name.find("->");
  const auto local = sheet.end(name.substr(0, arrow), family);
  if (!local) return std::nullopt;
  if (arrow == std::string_view::npos)
    return Ends{.local = *local, .remote = Endpoint{sheet.end("*", family)->address, 0}};
  const auto remote = sheet.end(name.substr(arrow + 2), family);
  if (!remote) return std::nullopt;
  return Ends{*local, *remote, true};
}

// "614u", "*614u", "12r", "cwd"
int32_t descriptor_of(std::string_view word) {
  if (word.starts_with('*')) word.remove_prefix(1);
  const auto digits = word.substr(0, word.find_first_not_of("0123456789"));
  return number<int32_t>(digits).value_or(-1);
}

// lsof writes a blank in the name of a program so that it parts no columns.
std::string program(std::string_view name) {
  constexpr std::string_view kBlank = "\\x20";
  std::string out;
  for (auto at = name.find(kBlank); at != std::string_view::npos; at = name.find(kBlank)) {
    out.append(name.substr(0, at)).append(1, ' ');
    name.remove_prefix(at + kBlank.size());
  }
  return out.append(name);
}

// Finds rows of the same socket by the identifier that the system gives it.
class Sockets {
 public:
  Taken add(const Connection& c, std::string_view device, const Owner& owner, Sheet& sheet) {
    const bool is_inode = is_number(device) && device.size() <= 10;
    if (!device.empty() && device != "0") {
      const auto [it, is_new] = rows_.try_emplace(std::string(device), 0);
      if (!is_new) {
        const auto& known = sheet.row(it->second);
        if (known.local == c.local && known.remote == c.remote) {
          sheet.hold(it->second, owner);
          return Taken::Again;
        }
      }
      it->second = add_row(c, is_inode ? number<uint32_t>(device) : std::nullopt, owner, sheet);
      return Taken::Row;
    }
    add_row(c, std::nullopt, owner, sheet);
    return Taken::Row;
  }
  void clear() { rows_.clear(); }

 private:
  static uint32_t add_row(Connection c, std::optional<uint32_t> inode, const Owner& owner, Sheet& sheet) {
    sheet.of_tool("lsof");
    if (inode) c.set_inode(*inode);
    const auto row = sheet.add(c);
    sheet.hold(row, owner);
    return row;
  }

  std::unordered_map<std::string, uint32_t> rows_;
};

class Lsof : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    if (words[0] == "COMMAND" && words[1] == "PID") {
      sheet.begin_section();
      sockets_.clear();
      seen_ = true;
      return Taken::Part;
    }
    size_t at = 2;
    while (at < words.size() && words[at] != "TCP") ++at;
    if (at + 1 < words.size()) return take_row(words, at, sheet);
    return take_other(line.text, words);
  }

 private:
  Taken take_row(const Words& words, size_t tcp, Sheet& sheet) {
    const auto type = type_before(words, tcp);
    if (!type) return Taken::NotMine;
    // Others print the blanks in a name as they are, and then a number.
    size_t pid_at = 1;
    while (pid_at < *type && !is_number(words[pid_at])) ++pid_at;
    const auto pid = number<int32_t>(words[pid_at]);
    if (!pid || *pid < 0) return Taken::NotMine;
    seen_ = true;
    const auto family = words[*type].find('6') == std::string_view::npos ? Family::V4 : Family::V6;
    const auto ends = ends_of(words[tcp + 1], family, sheet);
    if (!ends)
      return words[tcp + 1] == "no" || words[tcp + 1] == "can't" ? Taken::Unconnected : Taken::Unclear;
    const auto last = words[words.size() - 1];
    const bool has_state = tcp + 2 < words.size() && last.ends_with(')') && words[tcp + 2].starts_with('(');
    const auto state =
        has_state ? state_word(words[tcp + 2].substr(1, words[tcp + 2].find(')') - 1)) : std::nullopt;
    if (!ends->has_remote && state && !state->is_connected) return Taken::Unconnected;
    Connection c;
    c.state = state ? state->state : sheet.assumed().value_or(State::Unknown);
    c.local = ends->local;
    c.remote = ends->remote;
    for (size_t i = tcp + 2; i < words.size(); ++i) take_queue(words[i], c);  // -T qs
    // DEVICE follows the type; with no size between it and TCP, it comes last.
    const auto device = *type + 1 < tcp ? words[*type + 1] : std::string_view();
    if (device.starts_with("0x"))
      sheet.of_tool("lsof");
    else if (is_number(device))
      sheet.of_system(System::Linux);
    const auto fd = *type > pid_at + 1 ? descriptor_of(words[*type - 1]) : -1;
    const auto name = program(words.from(0, pid_at - 1));
    return sockets_.add(c, device, {.pid = Pid{*pid}, .name = name, .fd = fd}, sheet);
  }

  // "QR=1", "QS=0)"
  static void take_queue(std::string_view word, Connection& c) {
    if (word.ends_with(')')) word.remove_suffix(1);
    if (word.starts_with('(')) word.remove_prefix(1);
    const auto n = word.size() > 3 ? number<uint32_t>(word.substr(3)) : std::nullopt;
    if (n && word.starts_with("QR=")) c.set_recv_q(*n);
    if (n && word.starts_with("QS=")) c.set_send_q(*n);
  }

  static std::optional<size_t> type_before(const Words& words, size_t tcp) {
    for (size_t i = tcp; i-- > 1;) {
      if (words[i] == "IPv4" || words[i] == "IPv6" || words[i] == "inet" || words[i] == "inet6") return i;
    }
    return std::nullopt;
  }

  // Files, UDP, and sockets that are in no table: once there was a row or a header, these are rows too.
  Taken take_other(std::string_view text, const Words& words) {
    if (words.size() < 5 || (!is_number(words[1]) && !is_number(words[2]))) return Taken::NotMine;
    const auto has = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
    const bool is_tableless = has(" sock ") && (has("protocol: TCP") || has("can't identify protocol"));
    seen_ = seen_ || is_tableless;
    if (!seen_) return Taken::NotMine;
    return is_tableless ? Taken::Unconnected : Taken::Other;
  }

  Sockets sockets_;
  bool seen_ = false;
};

class LsofFields : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    const auto text = line.text.substr(static_cast<size_t>(words[0].data() - line.text.data()));
    const auto value = text.substr(1);
    switch (text.front()) {
      case 'p': return take_process(value, sheet);
      case 'c': return take_if_begun([&] { name_ = program(value); });
      case 'f': return take_if_begun([&] { begin_file(value, sheet); });
      case 'g':
      case 'R':
      case 'u':
      case 'L':
      case 'l':
      case 'a':
      case 'G':
      case 'D':
      case 'i':
      case 's':
      case 'o': return take_if_begun([] {});
      case 't':
        return take_if_begun([&] {
          if (!type_.empty()) begin_file(" ", sheet);  // without f, a file begins with its type
          type_ = value;
        });
      case 'd': return take_if_begun([&] { device_ = value; });
      case 'P':
        return take_if_begun([&] {
          if (!protocol_.empty()) begin_file(" ", sheet);
          protocol_ = value;
        });
      case 'n':
        return take_if_begun([&] {
          if (!ends_.empty()) begin_file(" ", sheet);
          ends_ = value;
        });
      case 'T': return take_if_begun([&] { take_detail(value); });
      default: return Taken::NotMine;
    }
  }

  Taken finish(Sheet& sheet) override {
    const auto taken = flush(sheet);
    begun_ = false;
    return taken;
  }

 private:
  template <class Do>
  Taken take_if_begun(Do what) {
    if (!begun_) return Taken::NotMine;
    flushed_ = Taken::Part;
    what();
    return flushed_;
  }

  Taken take_process(std::string_view pid, Sheet& sheet) {
    const auto n = number<int32_t>(pid);
    if (!n || *n < 0) return Taken::NotMine;
    const auto taken = flush(sheet);
    begun_ = true;
    pid_ = Pid{*n};
    name_.clear();
    return taken == Taken::NotMine ? Taken::Part : taken;
  }

  void begin_file(std::string_view fd, Sheet& sheet) {
    const auto taken = flush(sheet);
    if (taken != Taken::NotMine) flushed_ = taken;
    fd_ = descriptor_of(fd);
  }

  void take_detail(std::string_view detail) {
    if (detail.starts_with("ST=")) state_ = state_word(detail.substr(3));
    if (detail.starts_with("QR=")) recv_q_ = number<uint32_t>(detail.substr(3));
    if (detail.starts_with("QS=")) send_q_ = number<uint32_t>(detail.substr(3));
  }

  // The file that was begun, if it is a socket of TCP.
  Taken flush(Sheet& sheet) {
    const bool is_tcp = protocol_ == "TCP";
    const bool is_file = !type_.empty() || !protocol_.empty();
    // The name alone does not say that it is TCP's.
    const bool has_ends = ends_.find("->") != std::string::npos;
    const auto taken = is_tcp     ? flush_row(sheet)
                       : is_file  ? Taken::Other
                       : has_ends ? Taken::Unclear
                                  : Taken::NotMine;
    type_.clear();
    device_.clear();
    protocol_.clear();
    ends_.clear();
    state_.reset();
    recv_q_.reset();
    send_q_.reset();
    fd_ = -1;
    return taken;
  }

  Taken flush_row(Sheet& sheet) {
    const auto ends = ends_of(ends_, type_ == "IPv6" ? Family::V6 : Family::V4, sheet);
    if (!ends) return Taken::Unclear;
    if (!ends->has_remote && state_ && !state_->is_connected) return Taken::Unconnected;
    Connection c;
    c.state = state_ ? state_->state : sheet.assumed().value_or(State::Unknown);
    c.local = ends->local;
    c.remote = ends->remote;
    if (recv_q_) c.set_recv_q(*recv_q_);
    if (send_q_) c.set_send_q(*send_q_);
    return sockets_.add(c, device_, {.pid = pid_, .name = name_, .fd = fd_}, sheet);
  }

  Sockets sockets_;
  bool begun_ = false;
  Taken flushed_ = Taken::Part;
  Pid pid_{0};
  int32_t fd_ = -1;
  std::string name_;
  std::string type_;
  std::string device_;
  std::string protocol_;
  std::string ends_;
  std::optional<StateWord> state_;
  std::optional<uint32_t> recv_q_;
  std::optional<uint32_t> send_q_;
};

}  // namespace

std::unique_ptr<Parser> lsof_parser() { return std::make_unique<Lsof>(); }

std::unique_ptr<Parser> lsof_fields_parser() { return std::make_unique<LsofFields>(); }

}  // namespace whywait::pasted
