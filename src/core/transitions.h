// The state transitions of TCP as data: RFC 9293 sections 3.3.2 (figure 5 and its notes) and 3.10, and the
// points in which Linux differs.
#pragma once

#include "core/state.h"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace whywait {

enum class Event : uint8_t {
  // User calls (RFC 9293 3.10.1 to 3.10.5).
  OpenPassive,  // listen()
  OpenActive,   // connect()
  FirstSend,    // SEND turns a passive OPEN into an active one
  Close,        // close(), or shutdown(SHUT_WR)
  // close() with unread data or SO_LINGER 0, connect() to AF_UNSPEC, SOCK_DESTROY, or close() of the listener
  // in whose queue the connection waits for accept().
  Abort,
  // Segments (3.10.7). "And" means that one segment carries both.
  Syn,
  SynAck,
  AckOfSyn,
  FinAndAckOfSyn,
  AckOfFin,
  Fin,
  FinAndAckOfFin,
  Rst,
  DataAfterClose,  // the application has closed and can never read it (3.6.1, SHLD-3)
  NewSyn,          // for a new connection between the same addresses and ports
  Unreachable,     // ICMP
  // Timeouts (3.10.8) and limits. TCP_USER_TIMEOUT only shortens the first three.
  GiveUp,        // this end repeated its SYN or FIN in vain
  DataGiveUp,    // this end repeated data, or probed a zero window, in vain
  KeepAlive,     // the application asked for probes and the peer answered none
  OrphanTimer,   // tcp_fin_timeout, if no process holds the socket
  Limit,         // tcp_max_orphans, tcp_mem or tcp_max_tw_buckets exceeded
  TimeWaitOver,  // 2 MSL; 60 s on Linux
};

inline constexpr std::array kAllEvents = {
    Event::OpenPassive, Event::OpenActive,     Event::FirstSend,  Event::Close,          Event::Abort,
    Event::Syn,         Event::SynAck,         Event::AckOfSyn,   Event::FinAndAckOfSyn, Event::AckOfFin,
    Event::Fin,         Event::FinAndAckOfFin, Event::Rst,        Event::DataAfterClose, Event::NewSyn,
    Event::Unreachable, Event::GiveUp,         Event::DataGiveUp, Event::KeepAlive,      Event::OrphanTimer,
    Event::Limit,       Event::TimeWaitOver,
};

std::string_view id(Event event);  // "ack-of-fin"

// Who causes an event.
enum class Mover : uint8_t {
  Application,      // on this host
  PeerApplication,  // the application at the other end; its TCP passes the action on
  PeerTcp,          // the TCP at the other end, without its application
  Network,
  Kernel,  // this host's kernel: a timer or a limit
};

std::string_view id(Mover mover);  // "peer-application"
Mover mover_of(Event event);

// False for an event that breaks a connection off, and for a SYN of another connection: an orderly connection
// needs neither.
bool is_orderly(Event event);

enum class Sent : uint8_t { Nothing, Syn, SynAck, Ack, Fin, Rst };
std::string_view id(Sent sent);  // "SYN+ACK"; empty for Nothing

enum class Validity : uint8_t {
  Everywhere,
  RfcOnly,    // RFC 9293 has it, Linux does not
  LinuxOnly,  // Linux has it, RFC 9293 does not; other systems have similar ones
};
std::string_view id(Validity validity);  // "everywhere", "rfc", "linux"

struct Transition {
  State from;
  Event event;
  State to;
  Sent sent;
  Validity validity;
  std::string_view source;  // a section of RFC 9293 or a function of Linux
};

// Ordered by `from`, the orderly ones of each state first. Events that leave the state unchanged are not
// listed.
std::span<const Transition> all_transitions();
std::span<const Transition> transitions_from(State state);
std::vector<Transition> transitions_to(State state);

// Who must act next in a state of an orderly connection. A TCP that answers by itself comes before the
// applications, which then need not act.
std::vector<Mover> waits_for(State state);

}  // namespace whywait
