// The English about states and transitions.
#pragma once

#include "core/reachable.h"
#include "core/state.h"
#include "core/transitions.h"

#include <string>
#include <string_view>
#include <vector>

namespace whywait::render {

struct AboutState {
  State state;
  std::string_view what;
  std::string_view how_long;
  std::string_view beware;  // may be empty
};
const AboutState& about(State state);

// A common statement about a state that is wrong or half true.
struct Misconception {
  State state;
  std::string_view by;
  std::string_view said;
  bool verbatim;
  std::string_view truth;
};
std::vector<Misconception> misconceptions_about(State state);

std::string_view in_words(Event event);  // at most 15 columns
std::string_view in_words(Mover mover);
std::string_view mark(Validity validity);  // " (Linux)"; empty for Everywhere

std::string whose_move(State state);
// "the application here: close/shutdown -> LAST_ACK, abort -> CLOSED; the peer's TCP: …"
std::string ends_by(State state);
// The possible states of the other end, whether they can last, and who ends them.
std::string other_end(State state);

}  // namespace whywait::render
