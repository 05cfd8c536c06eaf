// A dump that somebody pasted, of any system and format: text to Facts, and an account of every line.
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
  NotUnderstood,  // of no format
  Unclear,        // of a format, but a column makes no sense
  TooLong,        // longer than Lines::kLongest
  Binary,
  OtherHost,  // below a prompt of another host than the first
};

struct Skipped {
  uint64_t line = 0;
  Why why = Why::NotUnderstood;
  std::string text;  // as it was, at most kKept bytes
  static constexpr size_t kKept = 200;
};

struct Options {
  std::string format;         // one of all_formats(), or empty: recognised by content
  bool keep_skipped = false;  // all of them; else the first
  std::string services;       // /etc/services of this host, or of whichever knows the names in the dump
};

struct Dump {
  Facts facts;  // facts.dump counts the lines; its name, facts.taken_at are for the caller to set
  std::vector<Skipped> skipped;
  // What shares a line with another, and is counted as if it had its own: the counts of facts.dump are of so
  // many more than the lines.
  uint64_t further = 0;
  // Neither rows nor counts, nor sockets that are no connections.
  bool has_nothing() const {
    return facts.table.connections.empty() && facts.tally.empty() && facts.dump->unconnected == 0;
  }
};

Dump read(Read bytes, const Options& options);

bool is_format(std::string_view id);
// Each with what prints it, a line for each.
std::string list_of_formats();

}  // namespace whywait::pasted
