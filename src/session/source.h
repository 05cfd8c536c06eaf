// Where facts come from: this machine, or a file.
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

  // What the source knows before anybody asks: the socket table above all. An error is a message for people.
  // Each call begins anew: nothing that was read before it, and no note, is used again.
  virtual tl::expected<Facts, std::string> begin() = 0;

  // Answers, in the facts of the last begin(), each need that is still NotAsked, if only with why not.
  virtual void answer(std::span<const Need> needs, Facts& facts) = 0;

  // Which way the source took to read what since begin(), and why; a line each.
  virtual const std::vector<std::string>& notes() const = 0;
};

}  // namespace whywait::session
