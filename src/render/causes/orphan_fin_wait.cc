#include "render/causes/catalogue.h"
#include "render/evidence_words.h"

#include <fmt/format.h>

namespace whywait::render::causes {
namespace {

std::string why(const Verdict& v) {
  const std::string_view closed = "closed here, and only the kernel still holds them: they end by themselves";
  if (!has(v.finding, EvidenceKind::PeerAtFault)) return std::string(closed);
  return fmt::format("{}; the programs at the other ends, on this host, have not closed theirs", closed);
}

Step told_live(const Facts& /*facts*/) { return {"whywait list --state FIN_WAIT_2", "is there a holder?"}; }

Step told_in_dump(const Facts& /*facts*/) {
  return {"", "take the same dump again two minutes later: orphans are gone by then"};
}

constexpr std::string_view kRivalry = "what only the kernel still holds looks the same";

}  // namespace

extern constexpr CauseEntry orphan_fin_wait = {
    .cause = Cause::OrphanFinWait,
    .in_short = "an orphan of the kernel",
    .omission = "has not closed its ends of connections that the service has closed",
    .owner = "the kernel",
    .why = why,
    .live = {kRivalry, told_live},
    .in_dump = {kRivalry, told_in_dump},
    .what = "Closed here and owned by the kernel only.",
    .whose_move = "nobody",
    .told_by = "no inode: no process holds the socket.",
    .cure = "none: it is gone within tcp_fin_timeout (60 s, if nobody changed it).",
};

}  // namespace whywait::render::causes
