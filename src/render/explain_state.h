// The answer of `explain STATE`, made from the table of transitions and the reachable pairs.
#pragma once

#include "core/state.h"
#include "render/json.h"
#include "render/page.h"

#include <string_view>
#include <vector>

namespace whywait::render {

// `causes` are the ids of the causes that occur in the state.
Page state_page(State state, const std::vector<std::string_view>& causes);
Json state_json(State state, const std::vector<std::string_view>& causes);

}  // namespace whywait::render
