// What was measured, in words.
#pragma once

#include "rules/outcome.h"

#include <string>
#include <string_view>

namespace whywait::render {

bool has(const Finding& finding, EvidenceKind kind);
// 0 where it is not among the evidence.
uint64_t value_of(const Finding& finding, EvidenceKind kind);
// "4,812 connections"
std::string plural_of(const Finding& finding, EvidenceKind kind, std::string_view noun);

// "4,790 in no epoll set"; empty where there is none, and of kinds that only the line of a cause tells.
std::string in_words(const Finding& finding, EvidenceKind kind);

}  // namespace whywait::render
