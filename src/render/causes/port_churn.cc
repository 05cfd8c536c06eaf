#include "render/causes/catalogue.h"

namespace whywait::render::causes {
namespace {

constexpr State kStates[] = {State::TimeWait};

}  // namespace

extern constexpr CauseEntry port_churn = {
    .cause = Cause::PortChurn,
    .in_short = "many short connections",
    .states = kStates,
    .what = "Many short connections.",
    .whose_move = "nobody",
    .told_by = "TIME_WAIT in numbers far below the port range.",
    .cure = "none; keep-alive saves the work.",
};

}  // namespace whywait::render::causes
