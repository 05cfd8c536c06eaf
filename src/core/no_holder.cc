#include "core/no_holder.h"

namespace whywait {
namespace {

// No file refers to it at all.
NoHolder without_inode(const Connection& c) {
  switch (c.state) {
    case State::CloseWait:
    case State::Established: return NoHolder::NotAccepted;  // an orphan is never in these states
    case State::SynReceived: return NoHolder::Handshake;
    case State::TimeWait: return NoHolder::Mini;
    case State::FinWait2:
      return c.timer() && c.timer()->kind == TimerKind::TimeWait ? NoHolder::Mini : NoHolder::Orphan;
    case State::FinWait1:
    case State::Closing:
    case State::LastAck: return NoHolder::Orphan;
    case State::Closed:
    case State::Listen:
    case State::SynSent: return NoHolder::Kernel;
    case State::Unknown: return NoHolder::NotTold;
  }
  return NoHolder::Unexplained;
}

}  // namespace

NoHolder why_no_holder(const Facts& facts, uint32_t row) {
  const auto& c = facts.table.connections[row];
  if (!c.inode()) return NoHolder::NotTold;
  const auto inode = *c.inode();
  if (inode == 0) return without_inode(c);
  if (!facts.holders) return NoHolder::Unreadable;
  const auto& h = *facts.holders;
  if (!holders_in(h.rings, inode).empty()) return NoHolder::Ring;
  if (!holders_in(h.in_flight, inode).empty()) return NoHolder::InFlight;
  if (c.is_mptcp()) return NoHolder::Mptcp;
  const auto has_file = facts.details ? facts.details->of(row).has_file() : std::nullopt;
  if (has_file == false) return NoHolder::Kernel;
  if (h.unreadable > 0) return NoHolder::Unreadable;
  if (h.outside) return NoHolder::Outside;
  return NoHolder::Unexplained;
}

}  // namespace whywait
