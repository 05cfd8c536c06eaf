// The answer of `list`: one line for each connection.
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

// Both stop early and return false if the sink refuses more.
bool listing_text(const Listing& listing, const Style& style, const Sink& sink);
bool listing_json(const Listing& listing, const Sink& sink);  // one object on each line

// What the listing leaves out, and the next step. This is a message and not part of the answer.
Page listing_notes(const Listing& listing);

}  // namespace whywait::render
