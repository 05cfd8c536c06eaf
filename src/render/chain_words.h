// A wait chain in words.
#pragma once

#include "diagnose/diagnose.h"

#include <string>
#include <vector>

namespace whywait::render {

// Hop by hop; a line each.
std::vector<std::string> chain_lines(const WaitChain& chain, const Facts& facts);

// Who is to blame in the end, where the chain leads away from the culprits; else empty.
std::string end_of_chain(const Verdict& verdict, const Facts& facts);

}  // namespace whywait::render
