#include "render/explain.h"

#include "render/explain_state.h"
#include "render/json.h"
#include "rules/rule.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

struct AboutCause {
  Cause cause;
  std::string_view states;
  std::string_view what;
  std::string_view whose_move;
  std::string_view told_by;
  std::string_view cure;
};

constexpr AboutCause kCauses[] = {
    {Cause::NotAccepted, "CLOSE_WAIT",
     "The peer gave up while its connection still waited in the listen queue. The kernel had completed the "
     "handshake; accept() was never called for it.",
     "the listening process, or whatever stops it",
     "no file refers to the socket (inode 0), which in CLOSE_WAIT can mean nothing else; and it has waited "
     "for longer than any turn of a server that copes.",
     "see what the process hangs on (stopped, computing, out of descriptors, waiting); accept() where no "
     "request can hold it up."},
    {Cause::NotRead, "CLOSE_WAIT",
     "The connection was accepted, the peer has closed, and the FIN is still unread: the application does "
     "not look at this socket.",
     "the owning process, or whatever it waits for",
     "Recv-Q of 1 or more (Linux counts the FIN as one byte), at both looks, for longer than a worker needs "
     "that is only busy.",
     "see what its threads wait for; give every call in the way of reading a time limit."},
    {Cause::NotClosed, "CLOSE_WAIT",
     "The end of the stream was read, but nobody calls close(): a leak of connections and descriptors, until "
     "the limit is reached.",
     "the owning process",
     "Recv-Q 0 for long; the other ends are gone, or nothing has been sent for long; the process has no "
     "partner connections to relay to, and no thread at work for them.",
     "close() on every path on which a read returns 0, errors and time-outs included. A restart only resets "
     "the clock."},
    {Cause::HeldElsewhere, "CLOSE_WAIT, FIN_WAIT_2",
     "The process that served the connection closed it, but another one holds the same socket: a forked "
     "child, a daemon, an io_uring, a descriptor in flight.",
     "that holder",
     "several processes hold each socket, children of the one that holds the listener, and that one does "
     "not; or "
     "an io_uring or a message in flight holds it.",
     "open descriptors with O_CLOEXEC; close what is inherited."},
    {Cause::IdlePool, "CLOSE_WAIT",
     "A client's pool keeps connections that the server has closed. It is bounded, and cleared when they are "
     "next used.",
     "nobody; at most configuration",
     "the client's end; nothing unread but the FIN (or the end of TLS); the last word was the server's; not "
     "of every "
     "age, as a leak is; the process runs and is not near its limit.",
     "let the client drop idle connections before the server does."},
    {Cause::HalfClose, "CLOSE_WAIT, FIN_WAIT_2",
     "A correct half-close: the peer has said all it had to say and waits for the rest of the answer.",
     "nobody",
     "data was sent after the FIN; or the other end, on this host, has an owner who waits on it, and here a "
     "thread is "
     "at work for each connection, or a partner behind a pipe or socket may be.",
     "none is needed."},
    {Cause::RelayWaiting, "CLOSE_WAIT", "A proxy has passed the FIN on and waits for its other leg.",
     "whoever holds the other leg",
     "for each such connection the process has another one that it has half-closed (FIN_WAIT_2), and nobody "
     "waits for "
     "an answer.",
     "look at the other leg."},
    {Cause::BlockedWriter, "CLOSE_WAIT, ESTABLISHED, FIN_WAIT_1",
     "Data waits to be sent, and the peer takes none: its window is zero.", "the peer",
     "Send-Q above 0, and a window of zero or the persist timer, and nothing sent for ten seconds.",
     "make the peer read, or give writes a time limit."},
    {Cause::RequestUnread, "ESTABLISHED",
     "The stage before: requests wait unread or in the accept queue, and nobody has given up yet.",
     "the owning process",
     "it waits for accept() for longer than any loop that copes takes; or it is unread, and the process "
     "cannot run, "
     "or nobody would be told of it.",
     "see what the process waits for."},
    {Cause::PeerNotClosed, "FIN_WAIT_2",
     "This side closed and still holds the socket; the peer's application does not close.", "the peer",
     "an owned socket in FIN_WAIT_2 has no timer.", "close() instead of shutdown() alone, or mend the peer."},
    {Cause::OrphanFinWait, "FIN_WAIT_2", "Closed here and owned by the kernel only.", "nobody",
     "no inode, and a timer.", "none: it is gone within tcp_fin_timeout."},
    {Cause::FinUnacknowledged, "FIN_WAIT_1, CLOSING, LAST_ACK", "Our FIN is repeated and gets no ACK.",
     "the network", "the retransmit timer and its count.", "mend the path; it ends by itself."},
    {Cause::PortChurn, "TIME_WAIT", "Many short connections.", "nobody",
     "TIME_WAIT in numbers far below the port range.", "none; keep-alive saves the work."},
    {Cause::PortExhaustion, "TIME_WAIT",
     "The ephemeral ports to one destination are (nearly) used up: connect() fails with EADDRNOTAVAIL.",
     "the client, or its settings", "TIME_WAIT to one destination against ip_local_port_range.",
     "reuse connections; widen the range."},
    {Cause::NoAnswer, "SYN_SENT",
     "The SYN gets no answer: filtered, unreachable, or the peer's queue is full.", "the network or the peer",
     "SYNs repeated without effect.", "find the filter, or the full queue."},
    {Cause::HandshakeUnfinished, "SYN_RECEIVED", "Our answer to a SYN gets no ACK.",
     "the network or the peer", "SYN_RECEIVED that stays.", "look at the way back to the peer."},
    {Cause::BacklogFull, "LISTEN", "The accept queue is at its limit; new connections time out.",
     "the listening process", "Recv-Q above Send-Q of the listener.",
     "accept faster; a larger backlog only hides it."},
    {Cause::PeerVanished, "ESTABLISHED", "The other end is gone and nothing will notice soon.", "settings",
     "unanswered probes, retransmits without end.", "keep-alive and TCP_USER_TIMEOUT."},
    {Cause::DeadDescriptor, "CLOSED",
     "Descriptors of connections that are in no table any more: a leak that ss cannot show.",
     "the owning process",
     "a server's descriptors of TCP whose sockets are in no table, in no epoll set, and slept on by no "
     "thread. It takes "
     "BPF to see them.",
     "close() on every error of read() and write()."},
};

constexpr bool in_order() {
  for (size_t i = 0; i < std::size(kCauses); ++i) {
    if (kCauses[i].cause != static_cast<Cause>(i)) return false;
  }
  return std::size(kCauses) == kAllCauses.size();
}
static_assert(in_order());

bool is_judged(Cause cause) {
  const auto rules = all_rules();
  return std::any_of(rules.begin(), rules.end(), [&](const Rule& r) { return r.cause == cause; });
}

const AboutCause& about(Cause cause) { return kCauses[static_cast<size_t>(cause)]; }

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

Page page_of(State state) { return state_page(state, causes_in(state)); }

Page page_of(Cause cause) {
  const auto& a = about(cause);
  Page page;
  page.section("CAUSE").line(fmt::format("{}: {}", id(cause), a.what));
  page.section("IN").line(a.states);
  page.section("WHOSE MOVE").line(a.whose_move);
  page.section("TOLD BY").line(a.told_by);
  page.section("CURE").line(a.cure);
  if (is_judged(cause)) {
    page.section("NEXT").command(fmt::format("whywait lab {}", id(cause)),
                                 "makes it happen here, harmlessly");
  } else {
    page.section("NOTE").line("this version names it as a candidate, and has no rule that proves it yet");
  }
  return page;
}

Json json_of(State state) { return state_json(state, causes_in(state)); }

Json json_of(Cause cause) {
  const auto& a = about(cause);
  return {{"schema", "whywait.explain/1"},
          {"cause", id(cause)},
          {"states", states_of(cause)},
          {"what", a.what},
          {"whose_move", a.whose_move},
          {"told_by", a.told_by},
          {"cure", a.cure},
          {"judged", is_judged(cause)}};
}

}  // namespace

std::optional<Word> parse_word(std::string_view word) {
  if (const auto state = parse_state(word)) return *state;
  if (const auto cause = parse_cause(word)) return *cause;
  return std::nullopt;
}

Page explain_page(const Word& word) {
  return std::visit([](const auto& w) { return page_of(w); }, word);
}

std::string explain_json(const Word& word) {
  return dump(std::visit([](const auto& w) { return json_of(w); }, word)) + "\n";
}

std::string explainable_json(const AllWords& /*all*/) {
  auto states = Json::array();
  auto causes = Json::array();
  for (const auto s : kAllStates) states.push_back(name(s));
  for (const auto c : kAllCauses) causes.push_back(id(c));
  return dump({{"schema", "whywait.explain/1"}, {"states", states}, {"causes", causes}}) + "\n";
}

Page explainable_page(const AllWords& /*all*/) {
  std::vector<std::string_view> states;
  std::vector<std::string_view> causes;
  for (const auto s : kAllStates) states.push_back(name(s));
  for (const auto c : kAllCauses) causes.push_back(id(c));
  Page page;
  page.section("STATES").line(fmt::format("{}", fmt::join(states, ", ")));
  page.section("CAUSES").line(fmt::format("{}", fmt::join(causes, ", ")));
  page.section("NEXT").command("whywait explain CLOSE_WAIT", "");
  return page;
}

}  // namespace whywait::render
