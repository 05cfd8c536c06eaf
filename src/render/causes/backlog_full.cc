#include "render/causes/catalogue.h"

namespace whywait::render::causes {
namespace {

constexpr State kStates[] = {State::Listen};

}  // namespace

extern constexpr CauseEntry backlog_full = {
    .cause = Cause::BacklogFull,
    .in_short = "a full accept queue",
    .states = kStates,
    .what = "The accept queue is at its limit; new connections time out.",
    .whose_move = "the listening process",
    .told_by = "Recv-Q above Send-Q of the listener.",
    .cure = "accept faster; a larger backlog only hides it.",
};

}  // namespace whywait::render::causes
