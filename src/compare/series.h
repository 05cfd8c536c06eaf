// Several dumps of one host: what stood through, what grew, and when it exhausts a limit.
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

// The origin of the time between dumps.
enum class Clock : uint8_t {
  Told,    // --interval
  Files,   // file times, which copying may have changed
  Source,  // the facts
  None,
};

struct Moment {
  std::string name;  // of the dump, or else of the host
  std::optional<std::chrono::system_clock::time_point> taken_at;
};

struct StateGrowth {
  State state = State::Closed;
  Growth growth;
};

struct Series {
  Relation known_by;                   // how the dumps were recognised as one host's
  std::vector<Moment> moments;         // one for each dump, earliest first
  std::optional<Milliseconds> window;  // from the first to the last
  std::vector<Milliseconds> steps;     // between consecutive dumps; empty if unknown
  Clock clock = Clock::None;
  bool has_restarted = false;     // the system restarted between the dumps
  bool is_of_one_command = true;  // false: one may show what the other does not
  bool is_partial = false;        // a dump lacks rows, so counts do not show growth
  bool is_reordered = false;      // reordered by file times, which may be those of copying
  bool has_copy = false;  // two dumps are identical in every row, so they are probably not two moments
  CarriedOver carried;    // from the first to the last
  std::vector<StateGrowth> states;  // of the states in any dump
  Trends trends;                    // for the findings in the last dump, once it is judged
};

// Orders at least two dumps of one host by time, and dates in each what stood through. If `interval` is
// given, they are in order already, and it is the time between consecutive dumps.
Series make_series(std::span<Facts> dumps, std::optional<Milliseconds> interval, const Relation& known_by);

// The growth of the verdicts and undecided groups in the judgement of the last dump.
Trends trends_of(const Judgement& judgement, std::span<const Facts> dumps, const Series& series);

// Nothing if the time is unknown.
std::optional<std::chrono::system_clock::time_point> time_of(const Facts& facts);
std::string name_of(const Facts& facts);

}  // namespace whywait
