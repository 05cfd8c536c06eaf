// The English about evidence.
#pragma once

#include "rules/outcome.h"

#include <string>
#include <string_view>

namespace whywait::render {

bool has(const Finding& finding, EvidenceKind kind);
// 0 if there is no such evidence
uint64_t value_of(const Finding& finding, EvidenceKind kind);
// "4,812 connections"
std::string plural_of(const Finding& finding, EvidenceKind kind, std::string_view noun);

// "4,790 in no epoll set"; empty if there is none, and for kinds that only the line of a cause mentions.
std::string in_words(const Finding& finding, EvidenceKind kind);

}  // namespace whywait::render
