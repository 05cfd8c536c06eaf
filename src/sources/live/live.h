// This machine, now.
#pragma once

#include "core/facts.h"
#include "sources/live/socket_table.h"

#include <span>

namespace whywait::live {

struct Options {
  Way way = Way::SockDiag;
  bool own_namespace_only = false;
  // Between the looks. Long enough to tell a thread that computes from one that waits: a scheduler's turn is
  // milliseconds, an event loop's timer a tenth of a second.
  Milliseconds look{200};
};

class Live {
 public:
  explicit Live(Options options) : options_(options) {}

  // The socket table and what is known without asking.
  Facts begin();
  // Answers what is asked, and nothing twice. Waits for the second look.
  void answer(std::span<const Need> needs, Facts& facts) const;

 private:
  Milliseconds pause(bool threads, bool rows) const;

  Options options_;
  std::chrono::steady_clock::time_point first_look_;
};

}  // namespace whywait::live
