// Facts out of files: what somebody pasted, or what `whywait save` wrote.
#pragma once

#include "core/facts.h"

#include <optional>
#include <string>
#include <vector>

namespace whywait::cli {

struct From {
  std::vector<std::string> files;        // "-" is standard input
  std::string format;                    // empty: recognised by content
  bool show_skipped = false;             // list the lines that were not understood, on stderr
  std::optional<Milliseconds> interval;  // between two dumps, where the times of the files do not tell it
};

// Nothing where a file cannot be read or has nothing in it that can be understood; that is said then.
std::optional<std::vector<Facts>> facts_from(const From& from);

}  // namespace whywait::cli
