// The transitions of a TCP connection as data: RFC 9293 sections 3.3.2 (figure 5 and its notes) and 3.10, and
// where Linux differs from them.
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
  Abort,  // close() with unread data or SO_LINGER 0, connect() to AF_UNSPEC, SOCK_DESTROY; of a connection
          // that
          // waits for accept(): its listener is closed
  // Segments (3.10.7). "And" is one segment that says both.
  Syn,
  SynAck,
  AckOfSyn,
  FinAndAckOfSyn,
  AckOfFin,
  Fin,
  FinAndAckOfFin,
  Rst,
  DataAfterClose,  // for an application that has closed and can never read it (3.6.1, SHLD-3)
  NewSyn,          // of another connection between the same addresses and ports
  Unreachable,     // ICMP
  // Timeouts (3.10.8) and limits. TCP_USER_TIMEOUT only shortens the first three.
  GiveUp,        // our SYN or FIN was repeated in vain
  DataGiveUp,    // data was repeated, or a zero window probed, in vain
  KeepAlive,     // the application asked for probes, and none was answered
  OrphanTimer,   // tcp_fin_timeout, where no process holds the socket
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

// Whose action an event is.
enum class Mover : uint8_t {
  Application,      // here
  PeerApplication,  // its TCP passes it on
  PeerTcp,          // by itself, without its application
  Network,
  Kernel,  // here, without the application: a timer or a limit
};

std::string_view id(Mover mover);  // "peer-application"
Mover mover_of(Event event);

// False for what breaks a connection off, and for a SYN of another one: all that an orderly life has no need
// of.
bool is_orderly(Event event);

enum class Sent : uint8_t { Nothing, Syn, SynAck, Ack, Fin, Rst };
std::string_view id(Sent sent);  // "SYN+ACK"; empty for nothing

enum class Validity : uint8_t {
  Everywhere,
  RfcOnly,    // Linux does not
  LinuxOnly,  // not in RFC 9293; other systems have the like of some
};
std::string_view id(Validity validity);  // "everywhere", "rfc", "linux"

struct Transition {
  State from;
  Event event;
  State to;
  Sent sent;
  Validity validity;
  std::string_view source;  // section of RFC 9293 or function of Linux
};

// Ordered by `from`; of each state the orderly ones first. What leaves the state as it is, is not here.
std::span<const Transition> all_transitions();
std::span<const Transition> transitions_from(State state);
std::vector<Transition> transitions_to(State state);

// Whose action an orderly life waits for in a state. A TCP that answers by itself comes before the
// applications: they need do nothing then.
std::vector<Mover> waits_for(State state);

}  // namespace whywait
