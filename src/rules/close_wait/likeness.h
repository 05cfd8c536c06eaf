// How much a case is like each of the patterns that look alike. What a cause leaves open, the rules of the
// others must leave open too, so each likeness is worked out in one place: in the file of its cause.
#pragma once

#include "rules/inquiry.h"

namespace whywait {

struct Likeness {
  enum class Is : uint8_t { No, Yes, Unclear };
  Is is = Is::Unclear;
  ClearReason because = ClearReason::TooYoung;  // where it is not

  static Likeness no(ClearReason why) { return {.is = Is::No, .because = why}; }
  static Likeness yes() { return {.is = Is::Yes}; }
  static Likeness unclear() { return {}; }
  bool is_no() const { return is == Is::No; }
  bool is_yes() const { return is == Is::Yes; }
};

// Each of connections in CLOSE_WAIT that were accepted, except as_blocked_writer(). They ask for nothing that
// look_at_holders() has not asked for, but half-close for the details of whoever holds the other ends.
Likeness as_blocked_writer(const Case& c);
Likeness as_held_elsewhere(const Case& c, const Facts& facts);
Likeness as_idle_pool(const Case& c, const Holders& holders);
Likeness as_half_close(const Case& c, const Holders& holders, Inquiry& inquiry);
Likeness as_relay(const Case& c, const Holders& holders);

// How many of a case have which other end.
struct Peers {
  uint32_t open = 0;
  uint32_t closed = 0;
  uint32_t unseen = 0;
  uint32_t silent = 0;       // of the unseen: older than kSilent
  uint32_t long_silent = 0;  // and than kLongSilent
  uint32_t flowing = 0;      // data was sent after the FIN
};
Peers peers_of(const Case& c);

// What a pattern is judged by.
struct Look {
  Inquiry inquiry;
  Holders holders;
  AgeSplit pile;
};

// For the rules of patterns: the rows alone decide, or the holders are looked at. What was answered between
// the looks has moved on; for a half-close that is no acquittal.
std::variant<Outcome, Look> look_closer(const Case& c, const Facts& facts);
Look look_at(const Case& c, const Facts& facts);

// Of connections that wait for accept(): older than a loop that copes lets them wait, or what else is to be
// said.
std::variant<Outcome, Look> look_at_queue(const Case& c, const Facts& facts);

// What is not a finding: Clear, or CannotTell with what is open.
Outcome open_or_clear(const Likeness& likeness, Look& look);

}  // namespace whywait
