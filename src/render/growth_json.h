// What grew between dumps, as JSON.
#pragma once

#include "diagnose/series.h"
#include "render/json.h"

#include <optional>

namespace whywait::render {

Json growth_json(const std::optional<Growth>& growth);  // null where nothing is known
Json forecast_json(const Exhaustion& exhaustion, const Facts& facts);
Json series_json(const Series& series);

}  // namespace whywait::render
