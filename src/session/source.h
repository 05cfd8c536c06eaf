// A source of facts: this machine, or a file.
#pragma once

#include "core/facts.h"

#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace whywait::session {

class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  // Returns what the source reads without a question, above all the socket table. An error is a message for
  // people. Each call begins anew: nothing that was read before, and no note, is used again.
  virtual tl::expected<Facts, std::string> begin() = 0;

  // Answers each need that is still NotAsked in the facts of the last begin(), if only with the reason why it
  // is missing.
  virtual void answer(std::span<const Need> needs, Facts& facts) = 0;

  // One line for each choice of method since begin(): what was read how, and why.
  virtual const std::vector<std::string>& notes() const = 0;
};

}  // namespace whywait::session
