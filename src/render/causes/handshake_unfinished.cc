#include "render/causes/catalogue.h"

namespace whywait::render::causes {
namespace {

constexpr State kStates[] = {State::SynReceived};

}  // namespace

extern constexpr CauseEntry handshake_unfinished = {
    .cause = Cause::HandshakeUnfinished,
    .in_short = "a handshake that does not end",
    .states = kStates,
    .what = "Our answer to a SYN gets no ACK.",
    .whose_move = "the network or the peer",
    .told_by = "SYN_RECEIVED that stays.",
    .cure = "look at the way back to the peer.",
};

}  // namespace whywait::render::causes
