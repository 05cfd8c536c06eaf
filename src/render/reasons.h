// The ids in the JSON and the words for the reasons why a cause does not apply.
#pragma once

#include "rules/outcome.h"

#include <string>
#include <string_view>

namespace whywait::render {

std::string_view id(ClearReason reason);  // "fin-is-unread"
std::string because(ClearReason reason, const Finding& finding);

}  // namespace whywait::render
