#include "render/causes/catalogue.h"
#include "render/evidence_words.h"
#include "render/page.h"

#include <fmt/format.h>

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  const auto n = count(v.cases);
  const auto peers = plural(n, "peer");
  return has(v.finding, EvidenceKind::NeverAccepted)
             ? fmt::format("{} wait in the listen queue: accept() was never called for {}", peers,
                           n == 1 ? "it" : "them")
             : fmt::format("{} sent something that nobody reads, and still wait", peers);
}

}  // namespace

extern constexpr CauseEntry request_unread = {
    .cause = Cause::RequestUnread,
    .in_short = "a request that waits unread",
    .omission = "does not read the requests of its clients",
    .why = why,
    .what = "The stage before: requests wait unread or in the accept queue, and nobody has given up yet.",
    .whose_move = "the owning process",
    .told_by =
        "it waits for accept() for longer than any loop that copes takes; or it is unread, and the process "
        "cannot run, or nobody would be told of it.",
    .cure = "see what the process waits for.",
};

}  // namespace whywait::render::causes
