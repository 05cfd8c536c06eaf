// The English about growth between dumps of one host.
#pragma once

#include "compare/series.h"

#include <string>
#include <vector>

namespace whywait::render {

// "812 -> 1,204 in 10m: +39 a minute (36 to 42); 790 stood through"
std::string growth_line(const Growth& growth);
// When these connections exhaust a limit, or what would show it; empty if they do not surely grow.
std::string runs_out_line(const Verdict& verdict, const Trend& trend, const Facts& facts);
std::string runs_out_line(const Open& open, const Trend& trend, const Facts& facts);

// Which dumps form the series, how each state changed, and what limits that knowledge.
std::vector<std::string> series_lines(const Series& series);

}  // namespace whywait::render
