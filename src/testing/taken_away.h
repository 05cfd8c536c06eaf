// Facts of which some are missing.
#pragma once

#include "core/facts.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace whywait::testing {

// The kinds of facts that may be missing, "thread.lock_owner", and how many of each these have.
std::map<std::string, size_t> kinds_known(const Facts& facts);

// The same without all of a kind, or without the one with this number, from 0.
Facts without(Facts facts, const std::string& kind, Missing why, std::optional<size_t> number = {});

}  // namespace whywait::testing
