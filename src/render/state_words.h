// The English about states and what moves them.
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

// What is commonly said of a state, and is wrong or half of the truth.
struct Said {
  State state;
  std::string_view by;
  std::string_view said;
  bool verbatim;
  std::string_view truth;
};
std::vector<Said> said_of(State state);

std::string_view in_words(Event event);  // at most 15 columns
std::string_view in_words(Mover mover);
std::string_view mark(Validity validity);  // " (Linux)"; empty of what holds everywhere

std::string whose_move(State state);
// "the application here: close/shutdown -> LAST_ACK, abort -> CLOSED; the peer's TCP: …"
std::string ends_by(State state);
// What the other end can be in, whether that can last, and who ends it then.
std::string other_end(State state);

}  // namespace whywait::render
