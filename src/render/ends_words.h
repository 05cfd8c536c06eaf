// The English about two hosts and what is between them.
#pragma once

#include "compare/dumps.h"

#include <string>
#include <string_view>

namespace whywait::render {

// How others are told of it; add to these, rename none.
std::string_view id(Kinship kinship);
std::string_view id(PairEvidence together);

// By what it is known what two dumps have to do with each other.
std::string because(const Relation& relation);

// What the two states come to: "db-1 must close". The names are printable.
std::string in_words(const EndPair& pair, std::string_view first, std::string_view second);

}  // namespace whywait::render
