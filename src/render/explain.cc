#include "render/explain.h"

#include "render/json.h"
#include "render/words.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

struct AboutState {
  State state;
  std::string_view what;
  std::string_view moved_on_by;
  std::string_view whose_move;
  std::string_view truth;  // about what is commonly said; may be empty
};

constexpr AboutState kStates[] = {
    {State::Closed,
     "There is no connection. A descriptor can outlive its connection (a reset, a forced close): it is in no "
     "table, and still counts against the limit.",
     "connect() or listen() begins anew; close() gives the descriptor back.", "the owning process", ""},
    {State::Listen,
     "A socket waits for connections. Recv-Q is the number that wait for accept(), Send-Q the limit of that "
     "queue.",
     "accept() takes one out of the queue; the listener itself stays.", "the listening process",
     "A full queue (Recv-Q above Send-Q) makes new clients time out, although the service seems to listen."},
    {State::SynSent, "This side sent SYN and has no answer yet.",
     "SYN and ACK from the peer: ESTABLISHED. RST: refused. Nothing: it is repeated tcp_syn_retries times "
     "(6, about two minutes), then connect() fails.",
     "the peer or the network", ""},
    {State::SynReceived,
     "A SYN came and was answered; the third step of the handshake has not come. No process knows of it yet.",
     "the peer's ACK: ESTABLISHED, into the accept queue. Nothing: the answer is repeated tcp_synack_retries "
     "times (5), then it is dropped.",
     "the peer or the network",
     "netstat of Linux says SYN_RECV, of BSD SYN_RCVD. A few from the internet are scans."},
    {State::Established,
     "Both directions are open. Recv-Q is what the application has not read, Send-Q what the peer has not "
     "acknowledged.",
     "close() or shutdown() here: FIN_WAIT_1. The peer's FIN: CLOSE_WAIT.", "whoever has something to say",
     "It can last for ever when the peer has vanished without a word and nothing is sent: only keep-alive or "
     "data finds out."},
    {State::FinWait1,
     "This side closed first; its FIN is sent, or waits behind data, and is not acknowledged.",
     "the ACK: FIN_WAIT_2. ACK and FIN together: TIME_WAIT. A FIN without the ACK: CLOSING.",
     "the network or the peer's TCP",
     "The FIN may not even have left: behind a zero window the peer is still ESTABLISHED."},
    {State::FinWait2,
     "This side closed and the peer's TCP knows it; the peer's application has not closed its side.",
     "the peer's FIN: TIME_WAIT. An orphan (no process holds it any more) is dropped after tcp_fin_timeout "
     "(60 s); one that a process still holds has no timer at all.",
     "the peer's application, which is in CLOSE_WAIT",
     "tcp_fin_timeout is about this state only, not about TIME_WAIT."},
    {State::CloseWait, "The peer has closed its side; the application here has not closed its own.",
     "close() here: LAST_ACK. Nothing else: no timer of the kernel ever ends it.", "the application here",
     "It never goes away by itself, neither after two nor after four minutes. Keep-alive ends it only when "
     "the peer is gone altogether. tcp_fin_timeout, MaxUserPort and TcpTimedWaitDelay have nothing to do "
     "with it."},
    {State::Closing, "Both sides closed at the same time; the ACK for our FIN is still missing.",
     "the ACK: TIME_WAIT. Nothing: the FIN is repeated, then it is dropped.", "the network",
     "Rare, and missing in many descriptions."},
    {State::LastAck, "The peer closed first, then this side; our FIN is not acknowledged yet.",
     "the ACK: gone. Nothing: the FIN is repeated tcp_orphan_retries times (0 means 8), then it is dropped.",
     "the network or the peer's TCP", "Mostly the application has closed already and no process holds it."},
    {State::TimeWait,
     "This side closed first and all is done; the 4-tuple is kept for a while so that late segments cannot "
     "disturb its successor.",
     "60 seconds on Linux (TCP_TIMEWAIT_LEN, fixed), then it is gone.", "nobody",
     "It is the normal end of whoever closed first, no leak, owned by no process. No setting of Linux "
     "shortens it. It hurts only when the ports to one destination run out."},
};

struct AboutCause {
  Cause cause;
  std::string_view states;
  std::string_view what;
  std::string_view whose_move;
  std::string_view told_by;
  std::string_view cure;
  bool judged;  // this version has a rule for it
};

constexpr AboutCause kCauses[] = {
    {Cause::NotAccepted, "CLOSE_WAIT",
     "The peer gave up while its connection still waited in the listen queue. The kernel had completed the "
     "handshake; accept() was never called for it.",
     "the listening process, or whatever stops it",
     "no file refers to the socket (inode 0), which in CLOSE_WAIT can mean nothing else; and it has waited "
     "for longer than any turn of a server that copes.",
     "see what the process hangs on (stopped, computing, out of descriptors, waiting); accept() where no "
     "request can hold it up.",
     true},
    {Cause::NotRead, "CLOSE_WAIT",
     "The connection was accepted, the peer has closed, and the FIN is still unread: the application does "
     "not look at this socket.",
     "the owning process, or whatever it waits for",
     "Recv-Q of 1 or more (Linux counts the FIN as one byte), at both looks, for longer than a worker needs "
     "that is only busy.",
     "see what its threads wait for; give every call in the way of reading a time limit.", true},
    {Cause::NotClosed, "CLOSE_WAIT",
     "The end of the stream was read, but nobody calls close(): a leak of connections and descriptors, until "
     "the limit is reached.",
     "the owning process",
     "Recv-Q 0 for long; the other ends are gone, or nothing has been sent for long; the process has no "
     "partner connections to relay to, and no thread at work for them.",
     "close() on every path on which a read returns 0, errors and time-outs included. A restart only resets "
     "the clock.",
     true},
    {Cause::HeldElsewhere, "CLOSE_WAIT, FIN_WAIT_2",
     "The process that served the connection closed it, but another one holds the same socket: a forked "
     "child, a daemon, an io_uring, a descriptor in flight.",
     "that holder", "more than one process holds the socket, or none that shows.",
     "open descriptors with O_CLOEXEC; close what is inherited.", false},
    {Cause::IdlePool, "CLOSE_WAIT",
     "A client's pool keeps connections that the server has closed. It is bounded, and cleared when they are "
     "next used.",
     "nobody; at most configuration", "the client's end, one destination, no more than the pool's size.",
     "let the client drop idle connections before the server does.", false},
    {Cause::HalfClose, "CLOSE_WAIT, FIN_WAIT_2",
     "A correct half-close: the peer has said all it had to say and waits for the rest of the answer.",
     "nobody", "the other end is in FIN_WAIT_2 with an owner; data flows, or is being made.",
     "none is needed.", false},
    {Cause::RelayWaiting, "CLOSE_WAIT", "A proxy has passed the FIN on and waits for its other leg.",
     "whoever holds the other leg", "each such connection has a partner in the same process.",
     "look at the other leg.", false},
    {Cause::BlockedWriter, "CLOSE_WAIT, ESTABLISHED, FIN_WAIT_1",
     "Data waits to be sent, and the peer takes none: its window is zero.", "the peer",
     "Send-Q above 0 and the persist timer.", "make the peer read, or give writes a time limit.", false},
    {Cause::RequestUnread, "ESTABLISHED",
     "The stage before: requests wait unread or in the accept queue, and nobody has given up yet.",
     "the owning process", "Recv-Q that stays.", "see what the process waits for.", false},
    {Cause::PeerNotClosed, "FIN_WAIT_2",
     "This side closed and still holds the socket; the peer's application does not close.", "the peer",
     "an owned socket in FIN_WAIT_2 has no timer.", "close() instead of shutdown() alone, or mend the peer.",
     false},
    {Cause::OrphanFinWait, "FIN_WAIT_2", "Closed here and owned by the kernel only.", "nobody",
     "no inode, and a timer.", "none: it is gone within tcp_fin_timeout.", false},
    {Cause::FinUnacknowledged, "FIN_WAIT_1, CLOSING, LAST_ACK", "Our FIN is repeated and gets no ACK.",
     "the network", "the retransmit timer and its count.", "mend the path; it ends by itself.", false},
    {Cause::PortChurn, "TIME_WAIT", "Many short connections.", "nobody",
     "TIME_WAIT in numbers far below the port range.", "none; keep-alive saves the work.", false},
    {Cause::PortExhaustion, "TIME_WAIT",
     "The ephemeral ports to one destination are (nearly) used up: connect() fails with EADDRNOTAVAIL.",
     "the client, or its settings", "TIME_WAIT to one destination against ip_local_port_range.",
     "reuse connections; widen the range.", false},
    {Cause::NoAnswer, "SYN_SENT",
     "The SYN gets no answer: filtered, unreachable, or the peer's queue is full.", "the network or the peer",
     "SYNs repeated without effect.", "find the filter, or the full queue.", false},
    {Cause::HandshakeUnfinished, "SYN_RECEIVED", "Our answer to a SYN gets no ACK.",
     "the network or the peer", "SYN_RECEIVED that stays.", "look at the way back to the peer.", false},
    {Cause::BacklogFull, "LISTEN", "The accept queue is at its limit; new connections time out.",
     "the listening process", "Recv-Q above Send-Q of the listener.",
     "accept faster; a larger backlog only hides it.", false},
    {Cause::PeerVanished, "ESTABLISHED", "The other end is gone and nothing will notice soon.", "settings",
     "unanswered probes, retransmits without end.", "keep-alive and TCP_USER_TIMEOUT.", false},
    {Cause::DeadDescriptor, "CLOSED",
     "Descriptors of connections that are in no table any more: a leak that ss cannot show.",
     "the owning process", "a TCP descriptor whose socket is in no table.", "close().", false},
};

template <class Each>
std::string lines(const Style& style, Each each) {
  std::string out;
  each([&](std::string_view label, std::string_view text) {
    if (!text.empty()) out += labelled(label, text, style);
  });
  return out;
}

constexpr bool in_order() {
  for (size_t i = 0; i < std::size(kStates); ++i) {
    if (kStates[i].state != static_cast<State>(i)) return false;
  }
  for (size_t i = 0; i < std::size(kCauses); ++i) {
    if (kCauses[i].cause != static_cast<Cause>(i)) return false;
  }
  return std::size(kStates) == kAllStates.size() && std::size(kCauses) == kAllCauses.size();
}
static_assert(in_order());

const AboutState& about(State state) { return kStates[static_cast<size_t>(state)]; }
const AboutCause& about(Cause cause) { return kCauses[static_cast<size_t>(cause)]; }

std::string other_names(State state) {
  std::vector<std::string_view> names;
  for (const auto dialect : kAllDialects) {
    const auto n = name(state, dialect);
    if (n != name(state) && std::find(names.begin(), names.end(), n) == names.end()) names.push_back(n);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::string_view> causes_in(State state) {
  std::vector<std::string_view> ids;
  for (const auto& a : kCauses) {
    if (a.states.find(name(state)) != std::string_view::npos) ids.push_back(id(a.cause));
  }
  return ids;
}

std::vector<std::string_view> states_of(Cause cause) {
  std::vector<std::string_view> names;
  for (const auto state : kAllStates) {
    const auto causes = causes_in(state);
    if (std::find(causes.begin(), causes.end(), id(cause)) != causes.end()) names.push_back(name(state));
  }
  return names;
}

std::string text_of(State state, const Style& style) {
  const auto& a = about(state);
  return labelled(name(state), a.what, style) + lines(style, [&](auto line) {
           line("ENDS BY", a.moved_on_by);
           line("WHOSE MOVE", a.whose_move);
           line("BEWARE", a.truth);
           line("ALSO", other_names(state));
           line("CAUSES", fmt::format("{}", fmt::join(causes_in(state), ", ")));
           line("NEXT", fmt::format("whywait list --state {}", name(state)));
         });
}

std::string text_of(Cause cause, const Style& style) {
  const auto& a = about(cause);
  return labelled("CAUSE", fmt::format("{}: {}", id(cause), a.what), style) + lines(style, [&](auto line) {
           line("IN", a.states);
           line("WHOSE MOVE", a.whose_move);
           line("TOLD BY", a.told_by);
           line("CURE", a.cure);
           if (!a.judged)
             line("NOTE", "this version names it as a candidate, and has no rule that proves it yet");
           if (a.judged)
             line("NEXT", fmt::format("whywait lab {}   makes it happen here, harmlessly", id(cause)));
         });
}

Json json_of(State state) {
  const auto& a = about(state);
  auto names = Json::object();
  constexpr std::array kDialectIds = {"rfc", "ss", "net-tools", "bsd", "powershell", "windows"};
  for (const auto d : kAllDialects) names[kDialectIds.at(static_cast<size_t>(d))] = name(state, d);
  return {{"schema", "whywait.explain/1"},
          {"state", name(state)},
          {"what", a.what},
          {"ends_by", a.moved_on_by},
          {"whose_move", a.whose_move},
          {"beware", a.truth},
          {"names", names},
          {"causes", causes_in(state)}};
}

Json json_of(Cause cause) {
  const auto& a = about(cause);
  return {{"schema", "whywait.explain/1"},
          {"cause", id(cause)},
          {"states", states_of(cause)},
          {"what", a.what},
          {"whose_move", a.whose_move},
          {"told_by", a.told_by},
          {"cure", a.cure},
          {"judged", a.judged}};
}

}  // namespace

std::optional<Word> parse_word(std::string_view word) {
  if (const auto state = parse_state(word)) return *state;
  if (const auto cause = parse_cause(word)) return *cause;
  return std::nullopt;
}

std::string explain_text(const Word& word, const Style& style) {
  return std::visit([&](const auto& w) { return text_of(w, style); }, word);
}

std::string explain_json(const Word& word) {
  return dump(std::visit([](const auto& w) { return json_of(w); }, word)) + "\n";
}

std::string explainable_json() {
  auto states = Json::array();
  auto causes = Json::array();
  for (const auto s : kAllStates) states.push_back(name(s));
  for (const auto c : kAllCauses) causes.push_back(id(c));
  return dump({{"schema", "whywait.explain/1"}, {"states", states}, {"causes", causes}}) + "\n";
}

std::string explainable(const Style& style) {
  std::vector<std::string_view> states;
  std::vector<std::string_view> causes;
  for (const auto s : kAllStates) states.push_back(name(s));
  for (const auto c : kAllCauses) causes.push_back(id(c));
  return labelled("STATES", fmt::format("{}", fmt::join(states, ", ")), style) +
         labelled("CAUSES", fmt::format("{}", fmt::join(causes, ", ")), style) +
         labelled("NEXT", "whywait explain CLOSE_WAIT", style);
}

}  // namespace whywait::render
