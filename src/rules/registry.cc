#include "rules/rule.h"

#include <array>

namespace whywait {
namespace {

constexpr std::array kRules = {
    Rule{State::CloseWait, Cause::NotAccepted, not_accepted},
    Rule{State::CloseWait, Cause::NotRead, not_read},
    Rule{State::CloseWait, Cause::NotClosed, not_closed},
};

}  // namespace

std::span<const Rule> all_rules() { return kRules; }

}  // namespace whywait
