#include "render/causes/catalogue.h"

namespace whywait::render::causes {
namespace {

constexpr State kStates[] = {State::Established};

}  // namespace

extern constexpr CauseEntry peer_vanished = {
    .cause = Cause::PeerVanished,
    .in_short = "a peer that vanished",
    .states = kStates,
    .what = "The other end is gone and nothing will notice soon.",
    .whose_move = "settings",
    .told_by = "unanswered probes, retransmits without end.",
    .cure = "keep-alive and TCP_USER_TIMEOUT.",
};

}  // namespace whywait::render::causes
