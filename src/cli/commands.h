// The commands. Each one reads facts, makes one result value and prints it as text or JSON.
#pragma once

#include "cli/file.h"
#include "core/selection.h"
#include "core/target.h"
#include "render/format.h"
#include "session/session.h"
#include "sources/live/options.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace whywait::cli {

struct From {
  std::vector<std::string> files;  // "-" is standard input
  FileOptions options;
  std::optional<Milliseconds> interval;  // the time between two dumps, if file times do not give it
};

struct Common {
  render::Format format = render::Format::Text;
  bool verbose = false;
  live::Options live;
  From from;  // if it names files, whywait reads these instead of this machine
};

int report(const Common& common);
int list(const Common& common, const Selection& selection);
int inspect(const Common& common, const Target& target);
int explain(const Common& common, const std::string& word);  // an empty word lists them all

struct LabOptions {
  std::string cause;  // empty to list the scenarios
  bool control = false;
  Milliseconds hold{0};  // how long to keep it after the explanation
};
int lab(const Common& common, const LabOptions& options);

struct SaveOptions {
  std::string file;     // "-" for stdout
  bool redact = false;  // replace everything that identifies
  bool force = false;   // replace an existing file
};
int save(const Common& common, const SaveOptions& options);

// Diagnoses this machine, or the one file that --from names. Nothing after an error that was reported.
std::optional<session::Diagnosis> diagnose(const Common& common, const session::Wants& wants = {});
// The exit status of an answer that was written with this one: nothing of this machine could be read is a
// failure too.
int status_of(const session::Diagnosis& diagnosis, int written);

// "500ms", "10s", "2m", "1h"; bare numbers are seconds.
std::optional<Milliseconds> parse_duration(const std::string& text);

}  // namespace whywait::cli
