#include "render/causes/catalogue.h"
#include "render/page.h"

#include <fmt/format.h>

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  const auto n = count(v.cases);
  return fmt::format("{} sent FIN, and it is still unread (Recv-Q is 1 or more): nobody reads {}",
                     plural(n, "peer"), n == 1 ? "this socket" : "these sockets");
}

}  // namespace

extern constexpr CauseEntry not_read = {
    .cause = Cause::NotRead,
    .in_short = "an unread end",
    .omission = "does not read its connections",
    .why = why,
    .what =
        "The connection was accepted, the peer has closed, and the FIN is still unread: the application does "
        "not look at this socket.",
    .whose_move = "the owning process, or whatever it waits for",
    .told_by =
        "Recv-Q of 1 or more (Linux counts the FIN as one byte), at both looks, for longer than a worker "
        "needs that is only busy.",
    .cure = "see what its threads wait for; give every call in the way of reading a time limit.",
};

}  // namespace whywait::render::causes
