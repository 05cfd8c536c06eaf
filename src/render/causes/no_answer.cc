#include "render/causes/catalogue.h"

namespace whywait::render::causes {
namespace {

constexpr State kStates[] = {State::SynSent};

}  // namespace

extern constexpr CauseEntry no_answer = {
    .cause = Cause::NoAnswer,
    .in_short = "a SYN without an answer",
    .states = kStates,
    .what = "The SYN gets no answer: filtered, unreachable, or the peer's queue is full.",
    .whose_move = "the network or the peer",
    .told_by = "SYNs repeated without effect.",
    .cure = "find the filter, or the full queue.",
};

}  // namespace whywait::render::causes
