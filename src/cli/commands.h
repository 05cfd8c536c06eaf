// The commands. Each reads, makes its one result value, and prints it as text or JSON.
#pragma once

#include "cli/from.h"
#include "core/selection.h"
#include "core/target.h"
#include "diagnose/diagnose.h"
#include "sources/live/live.h"

#include <chrono>
#include <optional>
#include <string>

namespace whywait::cli {

struct Common {
  bool json = false;
  bool verbose = false;
  live::Options live;
  From from;  // where there are files, they are read and not this machine
};

int report(const Common& common);
int list(const Common& common, const Selection& selection);
int inspect(const Common& common, const Target& target);
int explain(const Common& common, const std::string& word);  // an empty word lists them all

struct LabOptions {
  std::string cause;  // empty: list the scenarios
  bool control = false;
  Milliseconds hold{0};  // how long it stands on after it was explained
};
int lab(const Common& common, const LabOptions& options);

struct SaveOptions {
  std::string file;     // "-": stdout
  bool redact = false;  // other names for all that names something
  bool force = false;   // replace what is there
};
int save(const Common& common, const SaveOptions& options);

// Reads this machine and judges it, with no more rights than that needs.
struct Diagnosis {
  Facts facts;
  Judgement judgement;
  Milliseconds took{0};
};
using Clock = std::chrono::steady_clock;
inline Milliseconds since(Clock::time_point began) {
  return std::chrono::duration_cast<Milliseconds>(Clock::now() - began);
}
Diagnosis diagnose_live(live::Live& source);
Diagnosis diagnose_offline(Facts&& facts);
void keep_reading_rights();

// With --verbose: which way was taken to read what, and why.
void tell_ways(const Common& common, const live::Live& source);

// "500ms", "10s", "2m", "1h"; bare numbers are seconds.
std::optional<Milliseconds> parse_duration(const std::string& text);

}  // namespace whywait::cli
