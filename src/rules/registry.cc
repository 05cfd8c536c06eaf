#include "rules/rule.h"

#include <algorithm>
#include <array>

namespace whywait {
namespace {

constexpr std::array kRules = {
    Rule{State::CloseWait, Cause::NotAccepted, not_accepted},
    Rule{State::CloseWait, Cause::NotRead, not_read},
    Rule{State::CloseWait, Cause::NotClosed, not_closed},
    Rule{State::CloseWait, Cause::HeldElsewhere, held_elsewhere},
    Rule{State::CloseWait, Cause::IdlePool, idle_pool},
    Rule{State::CloseWait, Cause::HalfClose, half_close},
    Rule{State::CloseWait, Cause::RelayWaiting, relay_waiting},
    Rule{State::CloseWait, Cause::BlockedWriter, blocked_writer},
    Rule{State::Established, Cause::RequestUnread, request_unread},
    Rule{State::Established, Cause::BlockedWriter, blocked_writer_established},
    Rule{State::Closed, Cause::DeadDescriptor, dead_descriptor},
};

}  // namespace

std::span<const Rule> all_rules() { return kRules; }

bool is_judged(State state) {
  return std::any_of(kRules.begin(), kRules.end(), [&](const Rule& r) { return r.state == state; });
}

}  // namespace whywait
