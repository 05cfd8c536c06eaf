#include "core/cause.h"

namespace whywait {

std::string_view id(Cause cause) {
  switch (cause) {
    case Cause::NotAccepted: return "not-accepted";
    case Cause::NotRead: return "not-read";
    case Cause::NotClosed: return "not-closed";
    case Cause::HeldElsewhere: return "held-elsewhere";
    case Cause::IdlePool: return "idle-pool";
    case Cause::HalfClose: return "half-close";
    case Cause::RelayWaiting: return "relay-waiting";
    case Cause::BlockedWriter: return "blocked-writer";
    case Cause::RequestUnread: return "request-unread";
    case Cause::PeerNotClosed: return "peer-not-closed";
    case Cause::OrphanFinWait: return "orphan-fin-wait";
    case Cause::FinUnacknowledged: return "fin-unacknowledged";
    case Cause::PortChurn: return "port-churn";
    case Cause::PortExhaustion: return "port-exhaustion";
    case Cause::NoAnswer: return "no-answer";
    case Cause::HandshakeUnfinished: return "handshake-unfinished";
    case Cause::BacklogFull: return "backlog-full";
    case Cause::PeerVanished: return "peer-vanished";
    case Cause::DeadDescriptor: return "dead-descriptor";
  }
  return "";
}

std::optional<Cause> parse_cause(std::string_view wanted) {
  for (const auto cause : kAllCauses) {
    if (id(cause) == wanted) return cause;
  }
  return std::nullopt;
}

std::string_view id(Actor actor) {
  switch (actor) {
    case Actor::Process: return "process";
    case Actor::Peer: return "peer";
    case Actor::Network: return "network";
    case Actor::Operator: return "operator";
    case Actor::Nobody: return "nobody";
  }
  return "";
}

}  // namespace whywait
