// Saved files in memory.
#pragma once

#include "core/facts.h"

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace whywait::testing {

// A host that sets every field that there is, each in a way of its own.
Facts full_facts();

std::string packed(const Facts& facts);
// The lines of such a file, and back: with a checksum, but what the lines say may be anything.
std::string unpacked(std::string_view file);
std::string packed_text(std::string_view text);

// In pieces of so many bytes.
tl::expected<Facts, std::string> read_bytes(std::string_view file, size_t piece = 1000);
tl::expected<Facts, std::string> read_again(const Facts& facts);

}  // namespace whywait::testing
