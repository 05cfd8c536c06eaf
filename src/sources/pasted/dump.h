// Reads a pasted dump of any system and format into Facts, and accounts for every line.
#pragma once

#include "core/facts.h"
#include "sources/pasted/lines.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whywait::pasted {

enum class Why : uint8_t {
  NotUnderstood,  // no parser recognises it
  Unclear,        // a parser recognises it, but a column makes no sense
  TooLong,        // longer than Lines::kLongest
  Binary,
  OtherHost,  // below the prompt of a second host
};

struct Skipped {
  uint64_t line = 0;
  Why why = Why::NotUnderstood;
  std::string text;  // unchanged, at most kKept bytes
  static constexpr size_t kKept = 200;
};

struct Options {
  std::string format;         // an id of all_formats(); empty to recognise it by content
  bool keep_skipped = false;  // keep every skipped line, not only the first
  std::string services;       // /etc/services of this host, or of whichever knows the names in the dump
};

struct ParsedDump {
  Facts facts;  // facts.dump counts the lines; the caller sets its name and facts.taken_at
  std::vector<Skipped> skipped;
  // The number of records that share a line with another. facts.dump counts them as if each had its own line,
  // so its counts exceed the number of lines by this.
  uint64_t further = 0;
  // True if the dump has no rows, no counts and no unconnected sockets.
  bool has_nothing() const {
    return facts.table.connections.empty() && facts.tally.empty() && facts.dump->unconnected == 0;
  }
};

ParsedDump read(Read bytes, const Options& options);

bool is_format(std::string_view id);
// One line for each format: its id and the commands that print it.
std::string list_of_formats();

}  // namespace whywait::pasted
