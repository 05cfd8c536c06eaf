// Writes and reads saved files in memory.
#pragma once

#include "core/facts.h"

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace whywait::testing {

// Facts in which every field has a value of its own.
Facts full_facts();

std::string packed(const Facts& facts);
// Unpacks a saved file into its lines, and packs any lines into a file with a valid checksum.
std::string unpacked(std::string_view file);
std::string packed_text(std::string_view text);

// Reads a file in pieces of `piece` bytes.
tl::expected<Facts, std::string> read_bytes(std::string_view file, size_t piece = 1000);
tl::expected<Facts, std::string> read_again(const Facts& facts);

}  // namespace whywait::testing
