// Shared by the rules: Inquiry, through which they get facts, so that each missing one becomes a need; and
// summaries of a case.
#pragma once

#include "rules/case.h"
#include "rules/outcome.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace whywait {

class Inquiry {
 public:
  explicit Inquiry(const Facts& facts) : facts_(&facts) {}

  const Facts& facts() const { return *facts_; }

  // Null if the fact is missing; it is then among needs().
  const Process* process(Pid pid);
  const Threads* threads(Pid pid);

  void need(Need need);
  // Records a need that the rule can do without if no source can answer it.
  void want(Need need);
  // Records needs for the members that must be looked at again. Call it last, because need() searches the
  // needs recorded before.
  void need_second_look(const Case& c);
  const std::vector<Need>& needs() const { return needs_; }
  std::vector<Need> take_needs() { return std::move(needs_); }
  // True if a source can still answer some need. A rule must give no verdict before that.
  bool is_open() const;
  bool lacks(Question what) const;

 private:
  const Facts* facts_;
  std::vector<Need> needs_;
};

// Splits the members of a case by age at one span of patience.
struct AgeSplit {
  uint32_t old = 0;      // surely older
  uint32_t unclear = 0;  // may be older
  uint32_t young = 0;    // surely younger, or moved
  uint32_t moved = 0;    // those of the young that the second look found read, answered, closed or gone
  uint32_t still = 0;    // those of the others that the second look found unchanged
  uint32_t seen = 0;     // those that were looked at again, with any result
};

AgeSplit split_by_age(const Case& c, Milliseconds patience);

// What the holders of a case wait for, and how many of their threads may work on its connections.
struct Holders {
  std::vector<Culprit> culprits;
  bool cannot_run = false;       // none of them can run
  bool surely_run = false;       // one of them surely runs; both are false if that is unknown
  bool complete = false;         // no fact about them is missing
  uint32_t busy = 0;             // threads
  uint32_t other_legs = 0;       // descriptors that lead to other services
  uint32_t connections = 0;      // TCP connections among these
  uint32_t half_closed = 0;      // those of the connections that they have half-closed
  int64_t descriptors_open = 0;  // of the process that is nearest to its limit
  int64_t descriptor_limit = 0;
  std::vector<Evidence> evidence;  // what each of them did between the looks

  bool is_near_limit() const;
};

// Who watches some rows and who waits on them, as far as that is known.
struct Watching : EpollTally {
  uint32_t awaited = 0;   // a thread sleeps on it, or an epoll set watches it for input
  uint32_t slept_on = 0;  // a thread sleeps on it
};
Watching watching(std::span<const uint32_t> rows, const Facts& facts);

// How many members of a case are looked at again first. If none of them moved, they stand for the others that
// the kernel's clocks date.
inline constexpr size_t kSample = 500;

// Gets every holder's process and threads, and asks for the second look.
Holders look_at_holders(const Case& c, Inquiry& inquiry);

Severity severity_of(uint32_t clients);

// Derived from the number of affected clients and how near the process is to its descriptor limit.
Severity severity(uint32_t clients, const Holders& holders);

// The remedies for what the holders wait for, followed by those of the cause.
std::vector<Remedy> remedies(const Holders& holders, std::initializer_list<Remedy> of_the_cause);

// Adds the evidence that all causes share: what stood still, who watches it, what the holders did between the
// looks, and how near they are to their limit.
void add_shared_evidence(Finding& finding, const Case& c, const AgeSplit& p, const Holders& holders,
                         const Facts& facts);

// From this number on, one look suffices: it cannot be a single forgotten connection.
inline constexpr uint32_t kMany = 3;

std::vector<uint32_t> rows_of(const Case& c);
// The identity of evidence.
std::vector<int64_t> holders_of(const Case& c);

template <class Test>
uint32_t count_of(const Case& c, Test test) {
  return static_cast<uint32_t>(std::count_if(c.members.begin(), c.members.end(), test));
}
inline bool is_most(size_t part, size_t of) { return part * 2 >= of && part > 0; }

}  // namespace whywait
