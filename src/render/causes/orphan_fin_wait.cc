#include "render/causes/catalogue.h"

namespace whywait::render::causes {
namespace {

constexpr State kStates[] = {State::FinWait2};

}  // namespace

extern constexpr CauseEntry orphan_fin_wait = {
    .cause = Cause::OrphanFinWait,
    .in_short = "an orphan of the kernel",
    .states = kStates,
    .what = "Closed here and owned by the kernel only.",
    .whose_move = "nobody",
    .told_by = "no inode, and a timer.",
    .cure = "none: it is gone within tcp_fin_timeout.",
};

}  // namespace whywait::render::causes
