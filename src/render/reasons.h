// Why a cause is out of the question: its id in the JSON, and its words.
#pragma once

#include "rules/outcome.h"

#include <string>
#include <string_view>

namespace whywait::render {

std::string_view id(ClearReason reason);  // "fin-is-unread"
std::string because(ClearReason reason, const Finding& finding);

}  // namespace whywait::render
