// Adds SocketDetails to rows that were read by other means: from the iterators, or from /proc as far as it
// has them.
#pragma once

#include "core/facts.h"
#include "sources/live/by_iterators.h"

#include <vector>

namespace whywait::live {

// Fills facts.details, and what facts.holders lacks, from a separate reading. Rows are matched by cookie; a
// socket that has gone since gets no details.
void join_details(const IteratorReading& reading, Facts& facts);

// Adds to facts.details what /proc has about the sockets of these processes, and to facts.holders the sockets
// that their rings hold and the kind of their sockets without a row. /proc does not say whether an epoll
// event is pending, in which accept queue a connection is, or who polls.
void read_details(const std::vector<Pid>& pids, Facts& facts);

}  // namespace whywait::live
