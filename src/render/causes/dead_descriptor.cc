#include "render/causes/catalogue.h"
#include "render/page.h"

#include <fmt/format.h>

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  return fmt::format("{} in no socket table any more (reset, or closed by force), and no one is polling them",
                     plural(count(v.cases), "descriptor"));
}

}  // namespace

extern constexpr CauseEntry dead_descriptor = {
    .cause = Cause::DeadDescriptor,
    .in_short = "a descriptor of a dead connection",
    .omission = "keeps descriptors of dead connections",
    .why = why,
    .what = "Descriptors of connections that are in no table any more: a leak that ss cannot show.",
    .whose_move = "the owning process",
    .told_by =
        "a server's descriptors of TCP whose sockets are in no table, in no epoll set, and slept on by no "
        "thread. It takes BPF to see them.",
    .cure = "close() on every error of read() and write().",
};

}  // namespace whywait::render::causes
