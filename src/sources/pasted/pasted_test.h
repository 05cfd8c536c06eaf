// What a single dump held, as text that tests compare.
#pragma once

#include "sources/pasted/dump.h"
#include "testing/reading.h"

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace whywait::pasted {

inline ParsedDump read_text(std::string_view text,
                            const Options& options = {.format = {}, .keep_skipped = true}) {
  return read(testing::reading(text), options);
}

// "10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT", and who holds it.
inline std::vector<std::string> rows(const ParsedDump& dump) {
  std::vector<std::string> out;
  for (const auto& c : dump.facts.table.connections) {
    auto row = fmt::format("{} {} {}", text(c.local), text(c.remote), name(c.state));
    if (dump.facts.holders) {
      for (const auto& h : dump.facts.holders->of(c.inode().value_or(0))) {
        row += fmt::format(" {}[{}]", dump.facts.process(h.pid)->name, number(h.pid));
        if (h.fd >= 0) row += fmt::format("/{}", h.fd);
      }
    }
    out.push_back(row);
  }
  return out;
}

inline std::vector<std::string> skipped(const ParsedDump& dump) {
  std::vector<std::string> out;
  for (const auto& s : dump.skipped) out.push_back(fmt::format("{}: {}", s.line, s.text));
  return out;
}

}  // namespace whywait::pasted
