#include "render/causes/catalogue.h"

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& /*verdict*/) {
  return "nothing but the end is unread, the last word was the server's, and nobody waits: a pool that "
         "finds out when it takes one out again";
}

Step told_live(const Facts& /*facts*/) {
  return {"whywait list", "use the client once before: a pool replaces them"};
}

Step told_in_dump(const Facts& /*facts*/) {
  return {"", "use the client once there: a pool replaces them; then take the same dump again"};
}

}  // namespace

extern constexpr CauseEntry idle_pool = {
    .cause = Cause::IdlePool,
    .in_short = "an idle pool",
    .omission = "keeps connections for later",
    .why = why,
    .live = {"a client's pool notices a close only when it takes the connection out again", told_live},
    .in_dump = {"a client's pool notices a close only when it takes the connection out again", told_in_dump},
    .what =
        "A client's pool keeps connections that the server has closed. It is bounded, and cleared when they "
        "are next used.",
    .whose_move = "nobody; at most configuration",
    .told_by =
        "the client's end; nothing unread but the FIN (or the end of TLS); the last word was the server's; "
        "not of every age, as a leak is; the process runs and is not near its limit.",
    .cure = "let the client drop idle connections before the server does.",
};

}  // namespace whywait::render::causes
