#include "render/causes/catalogue.h"

#include <array>

namespace whywait::render {
namespace causes {

extern const CauseEntry not_accepted;
extern const CauseEntry not_read;
extern const CauseEntry not_closed;
extern const CauseEntry held_elsewhere;
extern const CauseEntry idle_pool;
extern const CauseEntry half_close;
extern const CauseEntry relay_waiting;
extern const CauseEntry blocked_writer;
extern const CauseEntry request_unread;
extern const CauseEntry peer_not_closed;
extern const CauseEntry orphan_fin_wait;
extern const CauseEntry fin_unacknowledged;
extern const CauseEntry port_churn;
extern const CauseEntry port_exhaustion;
extern const CauseEntry no_answer;
extern const CauseEntry handshake_unfinished;
extern const CauseEntry backlog_full;
extern const CauseEntry peer_vanished;
extern const CauseEntry dead_descriptor;

}  // namespace causes

namespace {

struct Line {
  Cause cause;
  const CauseEntry* entry;
};

constexpr std::array kCatalogue = {
    Line{Cause::NotAccepted, &causes::not_accepted},
    Line{Cause::NotRead, &causes::not_read},
    Line{Cause::NotClosed, &causes::not_closed},
    Line{Cause::HeldElsewhere, &causes::held_elsewhere},
    Line{Cause::IdlePool, &causes::idle_pool},
    Line{Cause::HalfClose, &causes::half_close},
    Line{Cause::RelayWaiting, &causes::relay_waiting},
    Line{Cause::BlockedWriter, &causes::blocked_writer},
    Line{Cause::RequestUnread, &causes::request_unread},
    Line{Cause::PeerNotClosed, &causes::peer_not_closed},
    Line{Cause::OrphanFinWait, &causes::orphan_fin_wait},
    Line{Cause::FinUnacknowledged, &causes::fin_unacknowledged},
    Line{Cause::PortChurn, &causes::port_churn},
    Line{Cause::PortExhaustion, &causes::port_exhaustion},
    Line{Cause::NoAnswer, &causes::no_answer},
    Line{Cause::HandshakeUnfinished, &causes::handshake_unfinished},
    Line{Cause::BacklogFull, &causes::backlog_full},
    Line{Cause::PeerVanished, &causes::peer_vanished},
    Line{Cause::DeadDescriptor, &causes::dead_descriptor},
};

constexpr bool is_in_order() {
  for (size_t i = 0; i < kCatalogue.size(); ++i) {
    if (kCatalogue.at(i).cause != kAllCauses.at(i)) return false;
  }
  return kCatalogue.size() == kAllCauses.size();
}
static_assert(is_in_order(), "one line for each cause, in the order of the enum");

}  // namespace

const CauseEntry& of(Cause cause) { return *kCatalogue.at(static_cast<size_t>(cause)).entry; }

}  // namespace whywait::render
