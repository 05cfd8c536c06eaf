// What the commands answer, in each format.
#pragma once

#include "render/chunks.h"
#include "render/comparison.h"
#include "render/explain.h"
#include "render/format.h"
#include "render/listing.h"
#include "render/portrait.h"
#include "render/report.h"
#include "render/scenarios.h"
#include "render/style.h"

namespace whywait::render {

// Writes an answer in parts. Ends early, and gives false, where the sink wants no more. JSON has no style.
// Defined for each value that has a row in the table of writers.
template <class Value>
bool write(const Value& value, Format format, const Style& style, const Sink& sink);

}  // namespace whywait::render
