#include "render/causes/catalogue.h"
#include "render/page.h"

#include <fmt/format.h>

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  return fmt::format("{} sent FIN and it was read (Recv-Q 0), but nobody calls close()",
                     plural(count(v.cases), "peer"));
}

}  // namespace

extern constexpr CauseEntry not_closed = {
    .cause = Cause::NotClosed,
    .in_short = "a leak",
    .omission = "does not close its connections",
    .why = why,
    .what =
        "The end of the stream was read, but nobody calls close(): a leak of connections and descriptors, "
        "until the limit is reached.",
    .whose_move = "the owning process",
    .told_by =
        "Recv-Q 0 for long; the other ends are gone, or nothing has been sent for long; the process has no "
        "partner connections to relay to, and no thread at work for them.",
    .cure =
        "close() on every path on which a read returns 0, errors and time-outs included. A restart only "
        "resets the clock.",
};

}  // namespace whywait::render::causes
