// The part of a portrait about processes: their descriptors, and what their threads do.
#pragma once

#include "core/holder_index.h"
#include "diagnose/portrait.h"

#include <span>

namespace whywait {

// Sets all fields except pid and holds.
void describe(std::span<Subject> subjects, const Facts& facts, const HolderIndex& index);

}  // namespace whywait
