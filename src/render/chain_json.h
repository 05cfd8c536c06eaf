// A wait chain as JSON: from, to, via, confidence.
#pragma once

#include "diagnose/wait_chain.h"
#include "render/json.h"

namespace whywait::render {

Json chain_json(const WaitChain& chain, const Facts& facts);

}  // namespace whywait::render
