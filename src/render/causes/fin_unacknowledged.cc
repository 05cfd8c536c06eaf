#include "render/causes/catalogue.h"

namespace whywait::render::causes {
namespace {

constexpr State kStates[] = {State::FinWait1, State::Closing, State::LastAck};

}  // namespace

extern constexpr CauseEntry fin_unacknowledged = {
    .cause = Cause::FinUnacknowledged,
    .in_short = "a FIN that nobody acknowledges",
    .states = kStates,
    .what = "Our FIN is repeated and gets no ACK.",
    .whose_move = "the network",
    .told_by = "the retransmit timer and its count.",
    .cure = "mend the path; it ends by itself.",
};

}  // namespace whywait::render::causes
