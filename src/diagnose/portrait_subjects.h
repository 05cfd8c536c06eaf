// The part of a portrait that is about processes: what their descriptors are, and what their threads do.
#pragma once

#include "core/holder_index.h"
#include "diagnose/portrait.h"

#include <span>

namespace whywait {

// Fills in all but pid and holds.
void describe(std::span<Subject> subjects, const Facts& facts, const HolderIndex& index);

}  // namespace whywait
