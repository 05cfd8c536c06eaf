// What the rules share: asking for facts so that every one that is missing is remembered as a need, and
// summing up a case.
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

  // Null where it is not known; then it is among needs().
  const Process* process(Pid pid);
  const Threads* threads(Pid pid);

  void need(Need need);
  // Asked for where it can be had, and done without where it cannot.
  void want(Need need);
  // Of the members that still have to be looked at again. Asked last: a need is looked for among those before
  // it.
  void need_second_look(const Case& c);
  const std::vector<Need>& needs() const { return needs_; }
  std::vector<Need> take_needs() { return std::move(needs_); }
  // A need that a source can still answer: no verdict before that.
  bool is_open() const;
  bool lacks(Question what) const;

 private:
  const Facts* facts_;
  std::vector<Need> needs_;
};

// The members of a case against one span of patience.
struct AgeSplit {
  uint32_t old = 0;      // surely older
  uint32_t unclear = 0;  // may be older
  uint32_t young = 0;    // surely younger, or moved on
  uint32_t moved = 0;    // of the young: found read, answered, closed or gone at the second look
  uint32_t still = 0;    // of the others: found unchanged at the second look
  uint32_t seen = 0;     // looked at again, whatever was found
};

AgeSplit split_by_age(const Case& c, Milliseconds patience);

// What the holders of a case wait for, and how many of their threads may be at work for one of its
// connections.
struct Holders {
  std::vector<Culprit> culprits;
  bool cannot_run = false;       // none of them can
  bool surely_run = false;       // one of them does; what is not known is neither
  bool complete = false;         // all of this is known
  uint32_t busy = 0;             // threads
  uint32_t other_legs = 0;       // descriptors that lead elsewhere
  uint32_t connections = 0;      // of them, TCP connections
  uint32_t half_closed = 0;      // of the connections: those of which they have closed their side
  int64_t descriptors_open = 0;  // of the process nearest to its limit
  int64_t descriptor_limit = 0;
  std::vector<Evidence> evidence;  // what each of them did between the looks

  bool is_near_limit() const;
};

// What the kernel's own structures tell of some rows, as far as they are known.
struct Watching : EpollTally {
  uint32_t awaited = 0;   // a thread sleeps on it, or an epoll set watches for data
  uint32_t slept_on = 0;  // a thread sleeps on it
};
Watching watching(std::span<const uint32_t> rows, const Facts& facts);

// As many members of a case are looked at again first. Where none of them moved, they speak for the others,
// of which the kernel's clocks tell the age.
inline constexpr size_t kSample = 500;

// Asks for every holder's process and threads, and for the second look.
Holders look_at_holders(const Case& c, Inquiry& inquiry);

Severity severity_of(uint32_t clients);

// From the number of clients that suffer, and how near the process is to its limit.
Severity severity(uint32_t clients, const Holders& holders);

// The remedies that what they wait for calls for, before the one of the cause itself.
std::vector<Remedy> remedies(const Holders& holders, std::initializer_list<Remedy> of_the_cause);

// What stood still, who watches it, what the holders did meanwhile, and how near they are to their limit.
void add_shared_evidence(Finding& finding, const Case& c, const AgeSplit& p, const Holders& holders,
                         const Facts& facts);

// As many as make one look away from a single forgotten connection.
inline constexpr uint32_t kMany = 3;

std::vector<uint32_t> rows_of(const Case& c);
// As evidence names them.
std::vector<int64_t> holders_of(const Case& c);

template <class Test>
uint32_t count_of(const Case& c, Test test) {
  return static_cast<uint32_t>(std::count_if(c.members.begin(), c.members.end(), test));
}
inline bool is_most(size_t part, size_t of) { return part * 2 >= of && part > 0; }

}  // namespace whywait
