// SocketDetails of rows that were read otherwise: from the iterators, or, as far as it can be told, from
// /proc.
#pragma once

#include "core/facts.h"
#include "sources/live/by_iterators.h"

#include <vector>

namespace whywait::live {

// Fills facts.details, and what facts.holders lacks, from a reading of its own; rows are the same by their
// cookies. Of one that has gone since, nothing is known.
void join_details(const IteratorReading& reading, Facts& facts);

// Adds what /proc tells of the sockets of these processes to facts.details, and to facts.holders what their
// rings hold and what their sockets without a row are. That an epoll event is pending, in which queue a child
// waits, and who polls is not told there.
void read_details(const std::vector<Pid>& pids, Facts& facts);

}  // namespace whywait::live
