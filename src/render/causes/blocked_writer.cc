#include "render/causes/catalogue.h"
#include "render/evidence_words.h"
#include "render/page.h"

#include <fmt/format.h>

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  return fmt::format("{}: the window of {} is shut, as it says itself",
                     in_words(v.finding, EvidenceKind::UnsentBytes), plural(count(v.cases), "peer"));
}

Step told_live(const Facts& /*facts*/) {
  return {"whywait list --json", "Send-Q that stays, a persist timer"};
}

Step told_in_dump(const Facts& /*facts*/) {
  return {"", "take the same dump again some minutes later: Send-Q that stays"};
}

}  // namespace

extern constexpr CauseEntry blocked_writer = {
    .cause = Cause::BlockedWriter,
    .in_short = "a blocked writer",
    .omission = "cannot send: its peers do not read",
    .why = why,
    .live = {"data waits to be sent, and it is not known that the peer refuses it", told_live},
    .in_dump = {"the dump does not tell whether the peer takes what waits to be sent", told_in_dump},
    .what = "Data waits to be sent, and the peer takes none: its window is zero.",
    .whose_move = "the peer",
    .told_by = "Send-Q above 0, and a window of zero or the persist timer, and nothing sent for ten seconds.",
    .cure = "make the peer read, or give writes a time limit.",
};

}  // namespace whywait::render::causes
