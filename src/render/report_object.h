// A report as a JSON object, for code that combines several.
#pragma once

#include "render/json.h"
#include "render/report.h"

namespace whywait::render {

Json report_object(const Report& report);  // whywait.report/2

}  // namespace whywait::render
