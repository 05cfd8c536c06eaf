#include "render/causes/catalogue.h"
#include "render/elsewhere.h"
#include "render/evidence_words.h"
#include "render/page.h"

#include <fmt/format.h>

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  const auto n = count(v.cases);
  return fmt::format("{} sent FIN, and whoever accepted {} holds {} no more: {} must close {} as well",
                     plural(n, "peer"), n == 1 ? "it" : "them", n == 1 ? "it" : "them",
                     plural_of(v.finding, EvidenceKind::Holders, "other holder"), n == 1 ? "it" : "them");
}

Step told_live(const Facts& /*facts*/) { return {"whywait list --state CLOSE_WAIT", "see who holds them"}; }

Step told_in_dump(const Facts& facts) { return who_holds_there(facts); }

}  // namespace

extern constexpr CauseEntry held_elsewhere = {
    .cause = Cause::HeldElsewhere,
    .in_short = "another holder",
    .omission = "holds connections that others have closed",
    .why = why,
    .live = {"not exactly one process holds each", told_live},
    .in_dump = {"the dump need not name everybody who holds them", told_in_dump},
    .what =
        "The process that served the connection closed it, but another one holds the same socket: a forked "
        "child, a daemon, an io_uring, a descriptor in flight.",
    .whose_move = "that holder",
    .told_by =
        "several processes hold each socket, children of the one that holds the listener, and that one does "
        "not; or an io_uring or a message in flight holds it.",
    .cure = "open descriptors with O_CLOEXEC; close what is inherited.",
};

}  // namespace whywait::render::causes
