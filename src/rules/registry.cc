#include "rules/family.h"
#include "rules/rule.h"

#include <algorithm>
#include <array>

namespace whywait {
namespace {

constexpr Family kClosed{.state = State::Closed};
constexpr std::array kFamilies = {&kCloseWait, &kFinWait2, &kEstablished, &kClosed};

constexpr std::array kRules = {
    Rule{State::CloseWait, Cause::NotAccepted, not_accepted},
    Rule{State::CloseWait, Cause::NotRead, not_read},
    Rule{State::CloseWait, Cause::NotClosed, not_closed},
    Rule{State::CloseWait, Cause::HeldElsewhere, held_elsewhere},
    Rule{State::CloseWait, Cause::IdlePool, idle_pool},
    Rule{State::CloseWait, Cause::HalfClose, half_close},
    Rule{State::CloseWait, Cause::RelayWaiting, relay_waiting},
    Rule{State::CloseWait, Cause::BlockedWriter, blocked_writer},
    Rule{State::FinWait2, Cause::PeerNotClosed, peer_not_closed},
    Rule{State::FinWait2, Cause::OrphanFinWait, orphan_fin_wait},
    Rule{State::FinWait2, Cause::HalfClose, half_close_fin_wait},
    Rule{State::Established, Cause::RequestUnread, request_unread},
    Rule{State::Established, Cause::BlockedWriter, blocked_writer_established},
    Rule{State::Closed, Cause::DeadDescriptor, dead_descriptor},
};

}  // namespace

std::span<const Rule> all_rules() { return kRules; }

const Family* family_of(State state) {
  const auto* const it =
      std::find_if(kFamilies.begin(), kFamilies.end(), [&](const Family* f) { return f->state == state; });
  return it == kFamilies.end() ? nullptr : *it;
}

bool is_judged(State state) { return family_of(state) != nullptr; }

}  // namespace whywait
