#include "render/json.h"

#include <nlohmann/json.hpp>

namespace whywait::render {

std::string dump(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

}  // namespace whywait::render
