// How much a case in CLOSE_WAIT is like each of the patterns that look alike there.
#pragma once

#include "rules/close_wait/family.h"
#include "rules/look.h"
#include "rules/sending/blocked_writer.h"

#include <optional>
#include <variant>

namespace whywait {

// Each of connections that were accepted. They ask for nothing that look_at_holders() has not asked for, but
// half-close for the details of whoever holds the other ends.
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

// What the rows alone decide for a rule about accepted connections whose FIN is as `fin` says; nothing where
// the rule has to look closer.
std::optional<Outcome> decided_by_rows(const Case& c, Fin fin);

// For the rules of patterns: the rows alone decide, or the holders are looked at. What was answered between
// the looks has moved on; for a half-close that is no acquittal.
std::variant<Outcome, Look> look_closer(const Case& c, const Facts& facts);

}  // namespace whywait
