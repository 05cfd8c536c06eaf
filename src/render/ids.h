// Ids in the JSON for the results of rules. Programs rely on them: add ids, never rename one.
#pragma once

#include "core/ids.h"
#include "diagnose/portrait.h"

#include <string_view>

namespace whywait::render {

std::string_view id(Confidence confidence);
std::string_view id(Severity severity);
std::string_view id(Status status);
std::string_view id(Block block);
std::string_view id(Hop::Via via);
std::string_view id(Unit unit);
std::string_view id(EvidenceSource source);
std::string_view id(Side side);
std::string_view id(WaitsOn what);
std::string_view id(NoHolder why);

}  // namespace whywait::render
