#include "render/state_words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace whywait::render {
namespace {

constexpr AboutState kStates[] = {
    {State::Closed,
     "There is no connection. A descriptor can outlive its connection (a reset, a forced close): it is in no "
     "table, and still counts against the limit.",
     "until the process that has a descriptor of it closes that.", ""},
    {State::Listen,
     "A socket waits for connections. Recv-Q is the number that wait for accept(), Send-Q the limit of that "
     "queue.",
     "until its process closes it: on Linux the listener stays where a SYN comes, and what accept() takes "
     "out of the queue is another socket.",
     "A full queue (Recv-Q above Send-Q) makes new clients time out, although the service seems to listen."},
    {State::SynSent, "This side sent SYN and has no answer yet.",
     "the SYN is repeated tcp_syn_retries times (6, about two minutes), then connect() fails.", ""},
    {State::SynReceived,
     "A SYN came and was answered; the third step of the handshake has not come. No process knows of it yet.",
     "the answer is repeated tcp_synack_retries times (5), then it is dropped.",
     "netstat of Linux says SYN_RECV, of BSD SYN_RCVD. A few from the internet are scans. On Linux an "
     "application can close it only after crossed SYNs or with TCP Fast Open."},
    {State::Established,
     "Both directions are open. Recv-Q is what the application has not read, Send-Q what the peer has not "
     "acknowledged.",
     "for as long as both applications like.",
     "It can last for ever when the peer has vanished without a word and nothing is sent: only keep-alive or "
     "data finds out."},
    {State::FinWait1,
     "This side closed first; its FIN is sent, or waits behind data, and is not acknowledged.",
     "the FIN is repeated tcp_orphan_retries times (0 means 8), or tcp_retries2 times (15, about 15 minutes) "
     "while a process holds the socket; then it is dropped.",
     "The FIN may not even have left: behind a zero window the peer is still ESTABLISHED."},
    {State::FinWait2,
     "This side closed and the peer's TCP knows it; the peer's application has not closed its side.",
     "An orphan (no process holds it any more) is dropped after tcp_fin_timeout (60 s); one that a process "
     "still holds has no timer at all.",
     "tcp_fin_timeout is about this state only, not about TIME_WAIT."},
    {State::CloseWait, "The peer has closed its side; the application here has not closed its own.",
     "for as long as the application here likes: no timer of the kernel ever ends it.",
     "A peer that closed for good is gone after its tcp_fin_timeout, and this side hears of it only when it "
     "sends something or asked for keep-alive."},
    {State::Closing, "Both sides closed at the same time; the ACK for our FIN is still missing.",
     "the FIN is repeated tcp_orphan_retries times (0 means 8), or tcp_retries2 times (15, about 15 minutes) "
     "while a process holds the socket; then it is dropped.",
     "Rare, and missing in many descriptions."},
    {State::LastAck, "The peer closed first, then this side; our FIN is not acknowledged yet.",
     "the FIN is repeated tcp_orphan_retries times (0 means 8), or tcp_retries2 times (15, about 15 minutes) "
     "while a process holds the socket; then it is dropped.",
     ""},
    {State::TimeWait,
     "This side closed first and all is done; the 4-tuple is kept for a while so that late segments cannot "
     "disturb its successor.",
     "60 seconds on Linux (TCP_TIMEWAIT_LEN, fixed), then it is gone.",
     "No setting of Linux shortens it. It hurts only when the ports to one destination run out."},
};

constexpr std::string_view kKb = "Microsoft KB 137984";
constexpr std::string_view kFolklore = "folklore";

// Verbatim ones are copied from where they stand.
constexpr Misconception kSaid[] = {
    {State::Closed, kKb, "Server received ACK from client and connection is closed.", true,
     "either end comes here, and not by an ACK alone: by a reset, a time-out or the end of TIME_WAIT too."},
    {State::SynReceived, kKb, "Server just received SYN from the client.", true,
     "its answer is out as well and waits for an ACK; and a client is here too where both sent SYN at once."},
    {State::Established, kKb, "Client received server's SYN and session is established.", true,
     "that holds of the client alone: the server can still be in SYN_RECEIVED, or have given up there."},
    {State::FinWait1, kKb, "Indicates active close.", true,
     "so do FIN_WAIT_2, CLOSING and TIME_WAIT. What sets this state apart is that our FIN is not "
     "acknowledged; and client or server can be in it."},
    {State::FinWait1, "Microsoft MS-RRASM 2.2.1.1.11", "The TCP connection is waiting for a FIN packet.",
     true,
     "that is FIN_WAIT_2. FIN_WAIT_1 waits for the ACK of its own FIN, and leaves with a FIN alone only to "
     "CLOSING."},
    {State::FinWait1, "netstat(8)", "The socket is closed, and the connection is shutting down.", true,
     "after shutdown(SHUT_WR) a process still holds the socket and reads from it."},
    {State::FinWait2, kKb, "Client just received acknowledgment of its first FIN from the server.", true,
     "either end can be here, and for long: it waits for the FIN of the peer's application."},
    {State::CloseWait, kKb, "Indicates passive close. Server just received first FIN from a client.", true,
     "clients are here just as well, where the server closed first; and it lasts until the application here "
     "closes."},
    {State::CloseWait, kFolklore, "the client has not closed", false,
     "the peer has, whichever it is; the application here has not."},
    {State::CloseWait, kFolklore, "it times out after two or four minutes", false, "never."},
    {State::CloseWait, kFolklore, "keep-alive cures it", false,
     "a live peer, even in FIN_WAIT_2, answers the probe, and all stays as it is."},
    {State::CloseWait, kFolklore, "tcp_fin_timeout, MaxUserPort and TcpTimedWaitDelay help", false,
     "they are about FIN_WAIT_2, ports and TIME_WAIT."},
    {State::Closing, kKb, "leaves it out", false,
     "where both ends close at once, both come here, or one does and the other goes to TIME_WAIT at once."},
    {State::Closing, "netstat(8)", "Both sockets are shut down but we still don't have all our data sent.",
     true, "mostly all is sent, and only the ACK of our FIN is missing."},
    {State::Closing, "RFC 793 page 61", "close() leads here from CLOSE_WAIT", false,
     "to LAST_ACK, as its own figure had it: a slip that RFC 1122 (4.2.2.20) and RFC 9293 (3.10.4) mended."},
    {State::LastAck, kKb, "Server is in this state when it sends its own FIN.", true,
     "whoever closes second is, server or client, and until the ACK comes. The FIN of whoever closes first "
     "leads to FIN_WAIT_1."},
    {State::LastAck, kFolklore, "the application still holds the socket", false,
     "mostly it has closed, and the kernel waits for an ACK; after a shutdown() it may still hold it."},
    {State::TimeWait, kKb, "Client enters this state after active close.", true,
     "whoever closed first does, server or client (both, where they closed at once), and only once both FINs "
     "are acknowledged. It spells it TIMED_WAIT."},
    {State::TimeWait, kFolklore, "tcp_fin_timeout shortens it", false,
     "that is about orphans in FIN_WAIT_2; TIME_WAIT is fixed."},
    {State::TimeWait, kFolklore, "it is a leak, or an orphan of the application", false,
     "it is the normal end of whoever closed first, and belongs to no process."},
    {State::TimeWait, kFolklore, "tcp_tw_recycle cures it", false,
     "it broke clients behind NAT, and is gone since Linux 4.12."},
};

constexpr bool in_order() {
  for (size_t i = 0; i < std::size(kStates); ++i) {
    if (kStates[i].state != static_cast<State>(i)) return false;
  }
  return std::size(kStates) == kAllStates.size();
}
static_assert(in_order());

std::string and_so_on(const std::vector<std::string>& words, std::string_view last) {
  if (words.size() < 2) return fmt::format("{}", fmt::join(words, ""));
  return fmt::format("{} {} {}", fmt::join(words.begin(), words.end() - 1, ", "), last, words.back());
}

std::string_view until(EndedBy who) {
  switch (who) {
    case EndedBy::Local: return "until the application here acts";
    case EndedBy::Remote: return "until the peer's application acts";
    case EndedBy::Either: return "until either application acts";
    case EndedBy::Nobody: return "for ever while a process holds it";
  }
  return "";
}

}  // namespace

const AboutState& about(State state) { return kStates[static_cast<size_t>(state)]; }

std::vector<Misconception> misconceptions_about(State state) {
  std::vector<Misconception> out;
  std::copy_if(std::begin(kSaid), std::end(kSaid), std::back_inserter(out),
               [&](const Misconception& s) { return s.state == state; });
  return out;
}

std::string_view in_words(Event event) {
  switch (event) {
    case Event::OpenPassive: return "listen()";
    case Event::OpenActive: return "connect()";
    case Event::FirstSend: return "send()";
    case Event::Close: return "close/shutdown";
    case Event::Abort: return "abort";
    case Event::Syn: return "SYN";
    case Event::SynAck: return "SYN+ACK";
    case Event::AckOfSyn: return "ACK of SYN";
    case Event::FinAndAckOfSyn: return "FIN, ACK of SYN";
    case Event::AckOfFin: return "ACK of FIN";
    case Event::Fin: return "FIN";
    case Event::FinAndAckOfFin: return "FIN, ACK of FIN";
    case Event::Rst: return "RST";
    case Event::DataAfterClose: return "data too late";
    case Event::NewSyn: return "another SYN";
    case Event::Unreachable: return "ICMP error";
    case Event::GiveUp: return "repeats in vain";
    case Event::DataGiveUp: return "data unacked";
    case Event::KeepAlive: return "keep-alive";
    case Event::OrphanTimer: return "orphan timer";
    case Event::Limit: return "over a limit";
    case Event::TimeWaitOver: return "2 MSL";
  }
  return "";
}

std::string_view in_words(Mover mover) {
  switch (mover) {
    case Mover::Application: return "the application here";
    case Mover::PeerApplication: return "the peer's application";
    case Mover::PeerTcp: return "the peer's TCP";
    case Mover::Network: return "the network";
    case Mover::Kernel: return "the kernel here";
  }
  return "";
}

std::string_view mark(Validity validity) {
  switch (validity) {
    case Validity::Everywhere: return "";
    case Validity::RfcOnly: return " (RFC)";
    case Validity::LinuxOnly: return " (Linux)";
  }
  return "";
}

std::string whose_move(State state) {
  const auto movers = waits_for(state);
  if (movers.front() == Mover::PeerTcp) return "the peer's TCP, or the network on the way";
  if (movers.front() == Mover::Kernel) return "nobody: the kernel here ends it";
  std::vector<std::string> words;
  for (const auto m : movers) words.emplace_back(in_words(m));
  return and_so_on(words, "or");
}

std::string ends_by(State state) {
  constexpr std::array kMovers = {Mover::Application, Mover::PeerApplication, Mover::PeerTcp, Mover::Network,
                                  Mover::Kernel};
  std::vector<std::string> parts;
  for (const auto mover : kMovers) {
    std::vector<std::string> ways;
    for (const auto& t : transitions_from(state)) {
      if (mover_of(t.event) == mover)
        ways.push_back(fmt::format("{} -> {}{}", in_words(t.event), name(t.to), mark(t.validity)));
    }
    if (!ways.empty()) parts.push_back(fmt::format("{}: {}", in_words(mover), fmt::join(ways, ", ")));
  }
  return fmt::format("{}.", fmt::join(parts, "; "));
}

std::string other_end(State state) {
  auto others = others_of(state);
  if (others.size() == kAllStates.size()) return "any state.";
  std::rotate(others.begin(), others.begin() + 1, others.end());  // CLOSED is the last to name
  std::vector<std::string> lasting;
  std::vector<std::string> passing;
  for (const auto other : others) {
    const auto who = ended_by(state, other);
    if (!who) {
      passing.emplace_back(name(other));
    } else if (other == State::Closed) {
      lasting.push_back(fmt::format("CLOSED, which this side has not heard of, {}", until(*who)));
    } else {
      lasting.push_back(fmt::format("{} {}", name(other), until(*who)));
    }
  }
  if (state == State::Listen) return fmt::format("{}: no connection yet.", and_so_on(passing, "or"));
  if (!passing.empty()) lasting.push_back(fmt::format("in passing {}", and_so_on(passing, "or")));
  return fmt::format("{}. No other.", fmt::join(lasting, "; "));
}

}  // namespace whywait::render
