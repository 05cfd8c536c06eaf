#include "render/causes/catalogue.h"
#include "render/elsewhere.h"
#include "render/evidence_words.h"
#include "render/page.h"

#include <fmt/format.h>

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  return fmt::format(
      "{} sent FIN, it was read and passed on: {} of the process half-closed, whose other ends do not close",
      plural(count(v.cases), "peer"), plural_of(v.finding, EvidenceKind::HalfClosedLegs, "other connection"));
}

Step told_live(const Facts& /*facts*/) {
  return {"whywait list --pid PID", "look at its other connections: does each have a partner?"};
}

Step told_in_dump(const Facts& facts) {
  auto step = who_holds_there(facts);
  step.note += "; has each connection a partner?";
  return step;
}

}  // namespace

extern constexpr CauseEntry relay_waiting = {
    .cause = Cause::RelayWaiting,
    .in_short = "a relay",
    .omission = "waits for the other end of what it relays",
    .why = why,
    .live = {"the process has enough other descriptors to be passing data on", told_live},
    .in_dump = {"the dump does not tell what it passes data on to", told_in_dump},
    .what = "A proxy has passed the FIN on and waits for its other leg.",
    .whose_move = "whoever holds the other leg",
    .told_by =
        "for each such connection the process has another one that it has half-closed (FIN_WAIT_2), and "
        "nobody waits for an answer.",
    .cure = "look at the other leg.",
};

}  // namespace whywait::render::causes
