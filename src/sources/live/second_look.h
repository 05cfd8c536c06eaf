// Looking again at single rows of the socket table.
#pragma once

#include "core/facts.h"
#include "sources/live/socket_table.h"

#include <chrono>
#include <span>

namespace whywait::live {

// Answers Facts::second for each of these rows, which were read before `first_look`. Few of them are looked
// up one by one; for many, or where the kernel's socket diagnosis is not to be had, all tables are read
// again.
void look_again(std::span<const uint32_t> rows, std::chrono::steady_clock::time_point first_look,
                ReadMethod way, bool own_namespace_only, Facts& facts);

}  // namespace whywait::live
