// The causes for which connections wait. Their ids are part of the JSON, of `explain` and of the lab, so they
// never change.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace whywait {

enum class Cause : uint8_t {
  NotAccepted,
  NotRead,
  NotClosed,
  HeldElsewhere,
  IdlePool,
  HalfClose,
  RelayWaiting,
  BlockedWriter,
  RequestUnread,
  PeerNotClosed,
  OrphanFinWait,
  FinUnacknowledged,
  PortChurn,
  PortExhaustion,
  NoAnswer,
  HandshakeUnfinished,
  BacklogFull,
  PeerVanished,
  DeadDescriptor,
};

inline constexpr std::array kAllCauses = {
    Cause::NotAccepted,   Cause::NotRead,        Cause::NotClosed,      Cause::HeldElsewhere,
    Cause::IdlePool,      Cause::HalfClose,      Cause::RelayWaiting,   Cause::BlockedWriter,
    Cause::RequestUnread, Cause::PeerNotClosed,  Cause::OrphanFinWait,  Cause::FinUnacknowledged,
    Cause::PortChurn,     Cause::PortExhaustion, Cause::NoAnswer,       Cause::HandshakeUnfinished,
    Cause::BacklogFull,   Cause::PeerVanished,   Cause::DeadDescriptor,
};

std::string_view id(Cause cause);  // "not-accepted"
std::optional<Cause> parse_cause(std::string_view id);

// Who has to act so that the connections stop waiting.
enum class Actor : uint8_t { Process, Peer, Network, Operator, Nobody };

std::string_view id(Actor actor);

}  // namespace whywait
