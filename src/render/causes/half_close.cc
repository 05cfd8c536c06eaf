#include "render/causes/catalogue.h"
#include "render/evidence_words.h"

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  if (v.cases.front().state == State::FinWait2)
    return "this side waits for the answer, which the other ends, on this host, are making";
  return value_of(v.finding, EvidenceKind::AnswerFlows) > 0
             ? "data still flows the other way after the FIN"
             : "the other ends, on this host, wait for the answer, and it may be in the making";
}

Step told_live(const Facts& /*facts*/) {
  return {"whywait --look 10s",
          "an answer that flows shows; else look at the other end: FIN_WAIT_2 with an owner waits; without "
          "an owner the peer has gone"};
}

Step told_in_dump(const Facts& /*facts*/) {
  return {"", "look at the other end: FIN_WAIT_2 with an owner waits; without an owner the peer has gone"};
}

}  // namespace

extern constexpr CauseEntry half_close = {
    .cause = Cause::HalfClose,
    .in_short = "a correct half-close",
    .omission = "is still answering",
    .why = why,
    .live = {"the other end may still be waiting for the answer", told_live},
    .in_dump = {"the other end may still be waiting for the answer", told_in_dump},
    .what = "A correct half-close: the peer has said all it had to say and waits for the rest of the answer.",
    .whose_move = "nobody",
    .told_by =
        "data was sent after the FIN; or the other end, on this host, has an owner who waits on it, and here "
        "a thread is at work for each connection, or a partner behind a pipe or socket may be.",
    .cure = "none is needed.",
};

}  // namespace whywait::render::causes
