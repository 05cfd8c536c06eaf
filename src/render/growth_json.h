// Growth between dumps, as JSON.
#pragma once

#include "compare/series.h"
#include "render/json.h"

namespace whywait::render {

Json growth_json(const Growth& growth);
Json forecast_json(const Exhaustion& exhaustion, const Facts& facts);
Json series_json(const Series& series);

}  // namespace whywait::render
