#include "render/causes/catalogue.h"
#include "render/page.h"

#include <fmt/format.h>

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  const auto n = count(v.cases);
  return fmt::format(
      "{} closed while the connection still waited in the listen queue: accept() was never called for {}",
      plural(n, "peer"), n == 1 ? "it" : "them");
}

}  // namespace

extern constexpr CauseEntry not_accepted = {
    .cause = Cause::NotAccepted,
    .in_short = "a queue that is not accepted",
    .omission = "does not accept its connections",
    .why = why,
    .what =
        "The peer gave up while its connection still waited in the listen queue. The kernel had completed "
        "the handshake; accept() was never called for it.",
    .whose_move = "the listening process, or whatever stops it",
    .told_by =
        "no file refers to the socket (inode 0), which in CLOSE_WAIT can mean nothing else; and it has "
        "waited for longer than any turn of a server that copes.",
    .cure =
        "see what the process hangs on (stopped, computing, out of descriptors, waiting); accept() where no "
        "request can hold it up.",
};

}  // namespace whywait::render::causes
