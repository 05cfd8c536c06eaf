// The answer of `list`: connections, a line each.
#pragma once

#include "diagnose/diagnose.h"
#include "render/chunks.h"
#include "render/page.h"
#include "render/style.h"

#include <string>
#include <vector>

namespace whywait::render {

struct Listing {
  const Facts& facts;
  const Judgement& judgement;
  std::vector<uint32_t> rows;  // indices in the table
};

// Both end early, and give false, where the sink wants no more.
bool listing_text(const Listing& listing, const Style& style, const Sink& sink);
bool listing_json(const Listing& listing, const Sink& sink);  // an object a line

// What the listing does not show, and the next step: a message, no part of the answer.
Page listing_notes(const Listing& listing);

}  // namespace whywait::render
