// A report as an object of JSON, for whoever puts several together.
#pragma once

#include "render/json.h"
#include "render/report.h"

namespace whywait::render {

Json report_object(const Report& report);  // whywait.report/2

}  // namespace whywait::render
