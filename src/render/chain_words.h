// The English about wait chains.
#pragma once

#include "diagnose/diagnose.h"

#include <string>
#include <vector>

namespace whywait::render {

// One line for each hop.
std::vector<std::string> chain_lines(const WaitChain& chain, const Facts& facts);

// The process to blame at the end of the chain; empty if the chain does not lead away from the culprits.
std::string end_of_chain(const Verdict& verdict, const Facts& facts);

}  // namespace whywait::render
