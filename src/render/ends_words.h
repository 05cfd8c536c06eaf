// The English about two hosts and the connections between them.
#pragma once

#include "compare/dumps.h"

#include <string>
#include <string_view>

namespace whywait::render {

// Ids in the JSON. Programs rely on them: add ids, never rename one.
std::string_view id(Kinship kinship);
std::string_view id(PairEvidence together);

// How two dumps were recognised as related.
std::string because(const Relation& relation);

// What the two states mean together: "db-1 must close". The names must be printable.
std::string in_words(const EndPair& pair, std::string_view first, std::string_view second);

}  // namespace whywait::render
