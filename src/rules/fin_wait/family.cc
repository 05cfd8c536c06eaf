#include "rules/fin_wait/family.h"

#include "rules/family.h"

#include <algorithm>

namespace whywait {
namespace {

constexpr unsigned kUnreadIsKnown = 1;
constexpr unsigned kIsUnread = 2;
constexpr unsigned kPeerIsHere = 4;

uint8_t apart(const RowView& view, const Member& m) {
  const auto recv_q = view.row.recv_q();
  return static_cast<uint8_t>((recv_q ? kUnreadIsKnown : 0U) | (recv_q.value_or(0) > 0 ? kIsUnread : 0U) |
                              (m.peer == PeerEnd::Open ? kPeerIsHere : 0U));
}

}  // namespace

std::optional<bool> has_unread_answer(const Case& c) {
  if ((c.apart & kUnreadIsKnown) == 0) return std::nullopt;
  return (c.apart & kIsUnread) != 0;
}

std::optional<Outcome> decided_by_owner(const Case& c) {
  if (!c.accepted) return CannotTell{.open_questions = {OpenQuestion::NoOwner}};
  if (!*c.accepted) return Clear{ClearReason::KernelOwns};
  const auto young = split_by_age(c, kInHand);
  if (young.young < c.members.size()) return std::nullopt;
  return Clear{young.moved == young.young ? ClearReason::Moved : ClearReason::TooYoung};
}

Milliseconds patience_of(const Case& c) { return c.side == Side::Server ? kLingering : kAwaited; }

bool is_silent_for(const Case& c, Milliseconds than, const Facts& facts) {
  return std::all_of(c.members.begin(), c.members.end(), [&](const Member& m) {
    const auto* info = facts.table.info(facts.table.connections[m.index]);
    return info != nullptr && m.is_older(than) && Milliseconds(info->last_data_received_ms) >= than;
  });
}

constinit const Family kFinWait2{
    .state = State::FinWait2, .takes = nullptr, .marks = nullptr, .apart = apart};

}  // namespace whywait
