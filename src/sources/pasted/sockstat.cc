// What the BSDs tell of sockets and who holds them, mostly without a state:
//
//   sockstat:     USER COMMAND PID FD PROTO LOCAL FOREIGN [STATE]
//   procstat -f:  PID COMM FD T V FLAGS REF OFFSET PRO LOCAL FOREIGN
//   fstat:        USER CMD PID FD* internet stream tcp ADDRESS LOCAL [<-- or --> FOREIGN]
#include "core/row_index.h"
#include "sources/pasted/parser.h"

#include <algorithm>
#include <iterator>

namespace whywait::pasted {
namespace {

bool is_tcp(std::string_view word) {
  return word == "tcp" || word == "tcp4" || word == "tcp6" || word == "tcp46" || word == "TCP" ||
         word == "TCP6";
}

bool is_other_protocol(std::string_view word) {
  constexpr std::string_view kOthers[] = {"udp",   "udp4",   "udp6",    "udp46", "UDP", "UDP6", "stream",
                                          "dgram", "seqpac", "seqpack", "UDS",   "UDD", "raw",  "icm4",
                                          "icm6",  "sctp",   "divert",  "RAW",   "-",   "tcp?"};
  return std::find(std::begin(kOthers), std::end(kOthers), word) != std::end(kOthers);
}

Family family_of(std::string_view protocol) {
  return protocol.find('6') == std::string_view::npos ? Family::V4 : Family::V6;
}

std::optional<Owner> owner_of(std::string_view pid, std::string_view name, std::string_view fd) {
  const auto n = number<int32_t>(pid);
  if (!n || *n < 0) return std::nullopt;
  return Owner{.pid = Pid{*n}, .name = name, .fd = number<int32_t>(fd).value_or(-1)};
}

// One row a descriptor. Those of one connection have both its ends; of those that listen nothing says which
// are one socket.
class Sockets {
 public:
  void clear() { index_ = RowIndex(); }

  Taken add(const Endpoint& local, const Endpoint& remote, std::optional<StateWord> state,
            const std::optional<Owner>& owner, std::string_view tool, Sheet& sheet) {
    const bool has_remote = remote.port != 0 || remote.address.is_named();
    if (!has_remote && local.port == 0 && !local.address.is_named()) return Taken::Unconnected;
    if (!has_remote && state && !state->is_connected) return Taken::Unconnected;
    Connection c;
    c.local = local;
    c.remote = remote;
    c.state = state ? state->state : sheet.assumed().value_or(State::Unknown);
    sheet.of_tool(tool);
    const bool is_whole = !local.address.is_named() && !remote.address.is_named() && remote.port != 0;
    const auto hash = hash_of_ends(local, remote, 0);
    const auto known =
        is_whole ? index_.find(hash,
                               [&](uint32_t r) {
                                 return sheet.row(r).local == local && sheet.row(r).remote == remote;
                               })
                 : std::nullopt;
    const auto row = known ? *known : sheet.add(c);
    if (!known && is_whole) index_.add(hash, row);
    if (owner) {
      sheet.hold(row, *owner);
    } else {
      sheet.hide_holder();
    }
    return known ? Taken::Again : Taken::Row;
  }

 private:
  RowIndex index_;
};

class Sockstat : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    if (words[0] == "USER" && words[1] == "COMMAND" && line.text.find("PROTO") != std::string_view::npos) {
      sheet.begin_section();
      sockets_.clear();
      seen_ = true;
      return Taken::Part;
    }
    for (size_t at = 4; at < words.size() && at < 12; ++at) {
      const bool follows = (is_number(words[at - 1]) || words[at - 1] == "?") &&
                           (is_number(words[at - 2]) || words[at - 2] == "?");
      const bool is_procstat = at >= 5 && words[at - 5] == "s" && words[at - 4] == "-";
      if (!follows || is_procstat) continue;
      if (is_tcp(words[at])) return take_row(words, at, sheet);
      if (seen_ && is_other_protocol(words[at])) return Taken::Other;
    }
    return Taken::NotMine;
  }

 private:
  Taken take_row(const Words& words, size_t at, Sheet& sheet) {
    const auto family = family_of(words[at]);
    const auto local = sheet.end(words[at + 1], family);
    const auto remote = sheet.end(words[at + 2], family);
    if (!local || !remote) return seen_ ? Taken::Unclear : Taken::NotMine;
    seen_ = true;
    // NetBSD parts the port by a dot, FreeBSD by a colon.
    const auto parting = words[at + 1].find_last_of(":.");
    if (parting != std::string_view::npos)
      sheet.of_system(words[at + 1][parting] == '.' ? System::NetBsd : System::FreeBsd);
    // Other columns stand before the state: a routing table, a splice, an id, a port of encapsulation.
    std::optional<StateWord> state;
    for (size_t i = at + 3; i < words.size() && i < at + 8 && !state; ++i) state = state_word(words[i]);
    return sockets_.add(*local, *remote, state, owner_of(words[at - 2], words.from(1, at - 3), words[at - 1]),
                        "sockstat", sheet);
  }

  Sockets sockets_;
  bool seen_ = false;
};

class Procstat : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    if (words[0] == "PID" && words[1] == "COMM" && line.text.find("PRO") != std::string_view::npos) {
      sheet.begin_section();
      sockets_.clear();
      seen_ = true;
      return Taken::Part;
    }
    if (!is_number(words[0]) || words.size() < 10) return Taken::NotMine;
    for (size_t at = 8; at + 2 < words.size() && at < 14; ++at) {
      if (words[at - 5] != "s") continue;  // a socket
      if (!is_tcp(words[at])) continue;
      const auto local = sheet.end(words[at + 1], family_of(words[at]));
      const auto remote = sheet.end(words[at + 2], family_of(words[at]));
      if (!local || !remote) return Taken::Unclear;
      seen_ = true;
      sheet.of_system(System::FreeBsd);
      return sockets_.add(*local, *remote, std::nullopt,
                          owner_of(words[0], words.from(1, at - 7), words[at - 6]), "procstat", sheet);
    }
    return seen_ ? Taken::Other : Taken::NotMine;
  }

 private:
  Sockets sockets_;
  bool seen_ = false;
};

class Fstat : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    if (words[0] == "USER" && words[1] == "CMD" && line.text.find("MOUNT") != std::string_view::npos) {
      sheet.begin_section();
      sockets_.clear();
      seen_ = true;
      return Taken::Part;
    }
    for (size_t at = 4; at + 3 < words.size() && at < 10; ++at) {
      if (words[at] != "internet" && words[at] != "internet6") continue;
      if (words[at + 1] != "stream" || words[at + 2] != "tcp") return Taken::Other;
      return take_row(words, at, sheet);
    }
    if (!seen_ || words.size() < 4) return Taken::NotMine;
    return is_number(words[2]) ? Taken::Other : Taken::NotMine;
  }

 private:
  Taken take_row(const Words& words, size_t at, Sheet& sheet) {
    seen_ = true;
    const auto family = family_of(words[at]);
    const auto local = sheet.end(words[at + 4], family);
    if (!local) return words.size() <= at + 4 ? Taken::Unconnected : Taken::Unclear;
    const bool has_remote = words[at + 5] == "<--" || words[at + 5] == "-->";
    const auto remote = has_remote ? sheet.end(words[at + 6], family) : sheet.end("*", family);
    if (!remote) return Taken::Unclear;
    auto fd = words[at - 1];
    if (fd.ends_with('*')) fd.remove_suffix(1);
    sheet.of_system(System::OpenBsd);
    return sockets_.add(*local, *remote, std::nullopt, owner_of(words[at - 2], words.from(1, at - 3), fd),
                        "fstat", sheet);
  }

  Sockets sockets_;
  bool seen_ = false;
};

}  // namespace

std::unique_ptr<Parser> sockstat_parser() { return std::make_unique<Sockstat>(); }
std::unique_ptr<Parser> procstat_parser() { return std::make_unique<Procstat>(); }
std::unique_ptr<Parser> fstat_parser() { return std::make_unique<Fstat>(); }

}  // namespace whywait::pasted
