// Several dumps of one host: what stood through, what grew, and when it runs out.
#pragma once

#include "compare/carried_over.h"
#include "compare/growth.h"
#include "compare/relation.h"
#include "diagnose/diagnose.h"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace whywait {

// By what the time between the dumps is known.
enum class Clock : uint8_t {
  Told,    // --interval
  Files,   // the times of the files, which a copy may have changed
  Source,  // the facts themselves
  None,
};

struct Moment {
  std::string name;  // of the dump, or of the host where it is none
  std::optional<std::chrono::system_clock::time_point> taken_at;
};

struct StateGrowth {
  State state = State::Closed;
  Growth growth;
};

struct Series {
  Relation known_by;                   // that the dumps are of one host
  std::vector<Moment> moments;         // of each dump, the earliest first
  std::optional<Milliseconds> window;  // from the first to the last
  std::vector<Milliseconds> steps;     // from each to the next; empty where that is not known
  Clock clock = Clock::None;
  bool has_restarted = false;       // the system, in between
  bool is_of_one_command = true;    // else the one may show what the other does not
  bool is_partial = false;          // one lacks rows, so that counts do not tell what grew
  bool is_reordered = false;        // by the times of the files, which may be those of copying them
  bool has_copy = false;            // one is like another in every row: not another moment, it seems
  CarriedOver carried;              // from the first to the last
  std::vector<StateGrowth> states;  // of those that are in any dump
  Trends trends;                    // of what was found in the last, once it is judged
};

// Puts the dumps of one host, at least two, in the order of their times, and dates in each what stood
// through. With an interval, which is the time from each to the next, they are in order already.
Series make_series(std::span<Facts> dumps, std::optional<Milliseconds> interval, const Relation& known_by);

// What grew of the verdicts and of what is undecided in the judgement of the last dump.
Trends trends_of(const Judgement& judgement, std::span<const Facts> dumps, const Series& series);

// Nothing where it is not known.
std::optional<std::chrono::system_clock::time_point> time_of(const Facts& facts);
std::string name_of(const Facts& facts);

}  // namespace whywait
