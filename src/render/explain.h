// The answer of `explain`: what a state or a cause is, and what ends it.
#pragma once

#include "core/cause.h"
#include "core/state.h"
#include "render/page.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace whywait::render {

using Word = std::variant<State, Cause>;

// A state in any dialect, or the id of a cause.
std::optional<Word> parse_word(std::string_view word);

Page explain_page(const Word& word);
std::string explain_json(const Word& word);  // whywait.explain/1

// All words that `explain` knows, for an error message and for `explain` without a word.
struct AllWords {};
Page explainable_page(const AllWords& all = {});
std::string explainable_json(const AllWords& all = {});

}  // namespace whywait::render
