// How much a case in CLOSE_WAIT is like each of the patterns that look alike there.
#pragma once

#include "rules/close_wait/family.h"
#include "rules/look.h"
#include "rules/sending/blocked_writer.h"

#include <optional>
#include <variant>

namespace whywait {

// All require accepted connections. They need no facts beyond those of look_at_holders(), except that
// as_half_close() asks for the details of the processes at the other ends.
Likeness as_held_elsewhere(const Case& c, const Facts& facts);
Likeness as_idle_pool(const Case& c, const Holders& holders);
Likeness as_half_close(const Case& c, const Holders& holders, Inquiry& inquiry);
Likeness as_relay(const Case& c, const Holders& holders);

// The members of a case, counted by what is known of their other end.
struct Peers {
  uint32_t open = 0;
  uint32_t closed = 0;
  uint32_t unseen = 0;
  uint32_t silent = 0;       // those of the unseen that are older than kSilent
  uint32_t long_silent = 0;  // those of the unseen that are older than kLongSilent
  uint32_t flowing = 0;      // data was sent after the FIN
};
Peers peers_of(const Case& c);

// The outcome that the rows alone decide, for a rule about accepted connections whose FIN is in the state
// `fin`. Nothing if the rule must look further.
std::optional<Outcome> decided_by_rows(const Case& c, Fin fin);

// The first step of a rule about a pattern: the outcome that the rows alone decide, or a look at the holders.
// A connection that was answered between the looks has moved; for a half-close that is no acquittal.
std::variant<Outcome, Look> look_closer(const Case& c, const Facts& facts);

}  // namespace whywait
