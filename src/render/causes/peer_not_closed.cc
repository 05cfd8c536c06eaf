#include "render/causes/catalogue.h"

namespace whywait::render::causes {
namespace {

constexpr State kStates[] = {State::FinWait2};

}  // namespace

extern constexpr CauseEntry peer_not_closed = {
    .cause = Cause::PeerNotClosed,
    .in_short = "a peer that does not close",
    .states = kStates,
    .what = "This side closed and still holds the socket; the peer's application does not close.",
    .whose_move = "the peer",
    .told_by = "an owned socket in FIN_WAIT_2 has no timer.",
    .cure = "close() instead of shutdown() alone, or mend the peer.",
};

}  // namespace whywait::render::causes
