#include "core/transitions.h"

#include <algorithm>

namespace whywait {
namespace {

using enum Validity;

// Left out: note 3 of figure 5 has the sender of a RST go through TIME_WAIT; 3.10.5 and every known system go
// to CLOSED.
constexpr Transition kTransitions[] = {
    {State::Closed, Event::OpenPassive, State::Listen, Sent::Nothing, Everywhere, "RFC 9293 3.10.1"},
    {State::Closed, Event::OpenActive, State::SynSent, Sent::Syn, Everywhere, "RFC 9293 3.10.1"},

    // The RFC's block changes its state; Linux makes a new one, and the listener stays.
    {State::Listen, Event::Syn, State::SynReceived, Sent::SynAck, Everywhere, "RFC 9293 3.10.7.2"},
    {State::Listen, Event::OpenActive, State::SynSent, Sent::Syn, RfcOnly, "RFC 9293 3.10.1"},
    {State::Listen, Event::FirstSend, State::SynSent, Sent::Syn, RfcOnly, "RFC 9293 3.10.2"},
    // On Linux shutdown(SHUT_RD) does it, and shutdown(SHUT_WR) nothing.
    {State::Listen, Event::Close, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.4"},
    {State::Listen, Event::Abort, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.5"},

    {State::SynSent, Event::SynAck, State::Established, Sent::Ack, Everywhere, "RFC 9293 3.10.7.3"},
    {State::SynSent, Event::Syn, State::SynReceived, Sent::SynAck, Everywhere, "RFC 9293 3.10.7.3, MUST-10"},
    {State::SynSent, Event::Close, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.4"},
    {State::SynSent, Event::Abort, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.5"},
    {State::SynSent, Event::Rst, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.3"},
    {State::SynSent, Event::Unreachable, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.9.2.2"},
    {State::SynSent, Event::GiveUp, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.8.3"},

    {State::SynReceived, Event::AckOfSyn, State::Established, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::SynReceived, Event::FinAndAckOfSyn, State::CloseWait, Sent::Ack, Everywhere, "RFC 9293 3.10.7.4"},
    // On Linux only a socket that an application has: after crossed SYNs, or with TCP Fast Open.
    {State::SynReceived, Event::Close, State::FinWait1, Sent::Fin, Everywhere, "RFC 9293 3.10.4"},
    {State::SynReceived, Event::Abort, State::Closed, Sent::Rst, Everywhere, "RFC 9293 3.10.5"},
    {State::SynReceived, Event::Rst, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    // After a passive OPEN. Linux drops the request: it was never the listener's own state.
    {State::SynReceived, Event::Rst, State::Listen, Sent::Nothing, RfcOnly, "RFC 9293 3.3.2, note 1"},
    {State::SynReceived, Event::NewSyn, State::Listen, Sent::Nothing, RfcOnly,
     "RFC 9293 3.10.7.4, erratum 8710"},
    {State::SynReceived, Event::Unreachable, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.9.2.2"},
    {State::SynReceived, Event::GiveUp, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.8.3"},

    {State::Established, Event::Close, State::FinWait1, Sent::Fin, Everywhere, "RFC 9293 3.10.4"},
    {State::Established, Event::Fin, State::CloseWait, Sent::Ack, Everywhere, "RFC 9293 3.10.7.4"},
    {State::Established, Event::Abort, State::Closed, Sent::Rst, Everywhere, "RFC 9293 3.10.5"},
    {State::Established, Event::Rst, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::Established, Event::DataGiveUp, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.8.3"},
    {State::Established, Event::KeepAlive, State::Closed, Sent::Rst, Everywhere, "RFC 9293 3.8.4"},

    {State::FinWait1, Event::AckOfFin, State::FinWait2, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::FinWait1, Event::Fin, State::Closing, Sent::Ack, Everywhere, "RFC 9293 3.10.7.4"},
    {State::FinWait1, Event::FinAndAckOfFin, State::TimeWait, Sent::Ack, Everywhere,
     "RFC 9293 3.3.2, note 2"},
    {State::FinWait1, Event::Abort, State::Closed, Sent::Rst, Everywhere, "RFC 9293 3.10.5"},
    {State::FinWait1, Event::Rst, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::FinWait1, Event::DataAfterClose, State::Closed, Sent::Rst, Everywhere, "RFC 9293 3.6.1, SHLD-3"},
    {State::FinWait1, Event::GiveUp, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.8.3"},
    {State::FinWait1, Event::Limit, State::Closed, Sent::Rst, LinuxOnly, "Linux tcp_check_oom()"},

    {State::FinWait2, Event::Fin, State::TimeWait, Sent::Ack, Everywhere, "RFC 9293 3.10.7.4"},
    {State::FinWait2, Event::Abort, State::Closed, Sent::Rst, Everywhere, "RFC 9293 3.10.5"},
    {State::FinWait2, Event::Rst, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::FinWait2, Event::DataAfterClose, State::Closed, Sent::Rst, Everywhere, "RFC 9293 3.6.1, SHLD-3"},
    {State::FinWait2, Event::KeepAlive, State::Closed, Sent::Rst, Everywhere, "RFC 9293 3.8.4"},
    {State::FinWait2, Event::OrphanTimer, State::Closed, Sent::Nothing, LinuxOnly, "Linux tcp_fin_time()"},

    {State::CloseWait, Event::Close, State::LastAck, Sent::Fin, Everywhere, "RFC 9293 3.10.4"},
    {State::CloseWait, Event::Abort, State::Closed, Sent::Rst, Everywhere, "RFC 9293 3.10.5"},
    {State::CloseWait, Event::Rst, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::CloseWait, Event::DataGiveUp, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.8.3"},
    {State::CloseWait, Event::KeepAlive, State::Closed, Sent::Rst, Everywhere, "RFC 9293 3.8.4"},

    {State::Closing, Event::AckOfFin, State::TimeWait, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::Closing, Event::Abort, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.5"},
    {State::Closing, Event::Rst, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::Closing, Event::GiveUp, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.8.3"},
    {State::Closing, Event::Limit, State::Closed, Sent::Rst, LinuxOnly, "Linux tcp_check_oom()"},

    {State::LastAck, Event::AckOfFin, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::LastAck, Event::Abort, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.5"},
    {State::LastAck, Event::Rst, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::LastAck, Event::GiveUp, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.8.3"},
    {State::LastAck, Event::Limit, State::Closed, Sent::Rst, LinuxOnly, "Linux tcp_check_oom()"},

    {State::TimeWait, Event::TimeWaitOver, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.8"},
    {State::TimeWait, Event::Abort, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.5"},
    // Not with tcp_rfc1337 set.
    {State::TimeWait, Event::Rst, State::Closed, Sent::Nothing, Everywhere, "RFC 9293 3.10.7.4"},
    {State::TimeWait, Event::NewSyn, State::SynReceived, Sent::SynAck, Everywhere, "RFC 9293 3.6.1, MAY-2"},
    {State::TimeWait, Event::Limit, State::Closed, Sent::Nothing, LinuxOnly, "Linux tcp_time_wait()"},
};

struct AboutEvent {
  Event event;
  std::string_view id;
  Mover mover;
  bool orderly;
};

constexpr AboutEvent kEvents[] = {
    {Event::OpenPassive, "open-passive", Mover::Application, true},
    {Event::OpenActive, "open-active", Mover::Application, true},
    {Event::FirstSend, "first-send", Mover::Application, true},
    {Event::Close, "close", Mover::Application, true},
    {Event::Abort, "abort", Mover::Application, false},
    {Event::Syn, "syn", Mover::PeerApplication, true},
    {Event::SynAck, "syn-ack", Mover::PeerTcp, true},
    {Event::AckOfSyn, "ack-of-syn", Mover::PeerTcp, true},
    {Event::FinAndAckOfSyn, "fin-and-ack-of-syn", Mover::PeerApplication, true},
    {Event::AckOfFin, "ack-of-fin", Mover::PeerTcp, true},
    {Event::Fin, "fin", Mover::PeerApplication, true},
    {Event::FinAndAckOfFin, "fin-and-ack-of-fin", Mover::PeerApplication, true},
    {Event::Rst, "rst", Mover::PeerTcp, false},
    {Event::DataAfterClose, "data-after-close", Mover::PeerApplication, false},
    {Event::NewSyn, "new-syn", Mover::PeerApplication, false},
    {Event::Unreachable, "unreachable", Mover::Network, false},
    {Event::GiveUp, "give-up", Mover::Kernel, false},
    {Event::DataGiveUp, "data-give-up", Mover::Kernel, false},
    {Event::KeepAlive, "keep-alive", Mover::Kernel, false},
    {Event::OrphanTimer, "orphan-timer", Mover::Kernel, false},
    {Event::Limit, "limit", Mover::Kernel, false},
    {Event::TimeWaitOver, "time-wait-over", Mover::Kernel, true},
};

constexpr bool in_order() {
  for (size_t i = 0; i < std::size(kEvents); ++i) {
    if (kEvents[i].event != static_cast<Event>(i) || kAllEvents.at(i) != static_cast<Event>(i)) return false;
  }
  for (size_t i = 1; i < std::size(kTransitions); ++i) {
    if (kTransitions[i].from < kTransitions[i - 1].from) return false;
  }
  return std::size(kEvents) == kAllEvents.size();
}
static_assert(in_order());

const AboutEvent& about(Event event) { return kEvents[static_cast<size_t>(event)]; }

}  // namespace

std::string_view id(Event event) { return about(event).id; }
Mover mover_of(Event event) { return about(event).mover; }
bool is_orderly(Event event) { return about(event).orderly; }

std::string_view id(Mover mover) {
  switch (mover) {
    case Mover::Application: return "application";
    case Mover::PeerApplication: return "peer-application";
    case Mover::PeerTcp: return "peer-tcp";
    case Mover::Network: return "network";
    case Mover::Kernel: return "kernel";
  }
  return "";
}

std::string_view id(Sent sent) {
  switch (sent) {
    case Sent::Nothing: return "";
    case Sent::Syn: return "SYN";
    case Sent::SynAck: return "SYN+ACK";
    case Sent::Ack: return "ACK";
    case Sent::Fin: return "FIN";
    case Sent::Rst: return "RST";
  }
  return "";
}

std::string_view id(Validity validity) {
  switch (validity) {
    case Everywhere: return "everywhere";
    case RfcOnly: return "rfc";
    case LinuxOnly: return "linux";
  }
  return "";
}

std::span<const Transition> all_transitions() { return kTransitions; }

std::span<const Transition> transitions_from(State state) {
  const auto begin = std::partition_point(std::begin(kTransitions), std::end(kTransitions),
                                          [&](const Transition& t) { return t.from < state; });
  const auto end = std::partition_point(begin, std::end(kTransitions),
                                        [&](const Transition& t) { return t.from == state; });
  return {begin, end};
}

std::vector<Transition> transitions_to(State state) {
  std::vector<Transition> in;
  for (const auto& t : kTransitions) {
    if (t.to == state) in.push_back(t);
  }
  return in;
}

std::vector<Mover> waits_for(State state) {
  std::vector<Mover> movers;
  for (const auto& t : transitions_from(state)) {
    const auto mover = mover_of(t.event);
    if (!is_orderly(t.event) || t.validity == RfcOnly) continue;
    if (mover == Mover::PeerTcp || mover == Mover::Kernel) return {mover};
    if (std::find(movers.begin(), movers.end(), mover) == movers.end()) movers.push_back(mover);
  }
  return movers;
}

}  // namespace whywait
