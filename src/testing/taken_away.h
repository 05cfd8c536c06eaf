// Removes facts.
#pragma once

#include "core/facts.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace whywait::testing {

// The kinds of facts that can be missing, such as "thread.lock_owner", and how many of each there are.
std::map<std::string, size_t> kinds_known(const Facts& facts);

// The same facts without all of a kind, or without the one with this number, counted from 0.
Facts without(Facts facts, const std::string& kind, Missing why, std::optional<size_t> number = {});

}  // namespace whywait::testing
