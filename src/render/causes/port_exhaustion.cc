#include "render/causes/catalogue.h"

namespace whywait::render::causes {
namespace {

constexpr State kStates[] = {State::TimeWait};

}  // namespace

extern constexpr CauseEntry port_exhaustion = {
    .cause = Cause::PortExhaustion,
    .in_short = "ports that run out",
    .states = kStates,
    .what =
        "The ephemeral ports to one destination are (nearly) used up: connect() fails with EADDRNOTAVAIL.",
    .whose_move = "the client, or its settings",
    .told_by = "TIME_WAIT to one destination against ip_local_port_range.",
    .cure = "reuse connections; widen the range.",
};

}  // namespace whywait::render::causes
