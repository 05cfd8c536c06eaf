// Looks again at single rows of the socket table.
#pragma once

#include "core/facts.h"
#include "sources/live/socket_table.h"

#include <chrono>
#include <span>

namespace whywait::live {

// Answers Facts::second for these rows, which were first read at `first_look`. Looks a few rows up one by
// one; for many rows, or if sock_diag is not available, reads all tables again.
void look_again(std::span<const uint32_t> rows, std::chrono::steady_clock::time_point first_look,
                ReadMethod method, bool own_namespace_only, Facts& facts);

}  // namespace whywait::live
