#include "render/causes/catalogue.h"
#include "render/evidence_words.h"
#include "render/page.h"

#include <fmt/format.h>

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  const auto peers = plural(count(v.cases), "peer");
  const auto line = fmt::format(
      "this side has closed, and {} acknowledged that but did not close: no timer of the kernel ends this",
      peers);
  return has(v.finding, EvidenceKind::PeerAtFault)
             ? line + "; the other ends are on this host, and the program there is at fault"
             : line;
}

Step told_live(const Facts& /*facts*/) {
  return {"whywait --look 10s",
          "an answer that still comes is a half-close; silence is a peer that does not close"};
}

Step told_in_dump(const Facts& /*facts*/) {
  return {"", "look at the other end: CLOSE_WAIT there is a program that does not close"};
}

constexpr std::string_view kRivalry = "the peer may never close";

}  // namespace

extern constexpr CauseEntry peer_not_closed = {
    .cause = Cause::PeerNotClosed,
    .in_short = "a peer that does not close",
    .omission = "has closed its side, and its peers do not close theirs",
    .why = why,
    .live = {kRivalry, told_live},
    .in_dump = {kRivalry, told_in_dump},
    .what = "This side closed and still holds the socket; the peer's application does not close.",
    .whose_move = "the peer",
    .told_by =
        "a process holds the socket, so that no timer ends it; the other end, on this host, is at fault, or "
        "it has "
        "been silent for longer than an answer takes.",
    .cure = "close() instead of shutdown() alone, or mend the peer.",
};

}  // namespace whywait::render::causes
