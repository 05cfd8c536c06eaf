// Builds facts as a dump gives them: rows and little else.
#pragma once

#include "compare/dumps.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace whywait::testing {

// The facts of a `netstat -an`. `at` is the time since the first dump of the test.
class DumpBuilder {
 public:
  explicit DumpBuilder(const std::string& name, Milliseconds at = {});

  DumpBuilder& listens(std::string_view local);
  // Adds `count` connections. The end with port 0 gets consecutive ports, beginning with `from`.
  DumpBuilder& rows(State state, std::string_view local, std::string_view remote, uint32_t count = 1,
                    uint16_t from = 40000);
  Facts& edit() { return facts_; }
  Facts facts() const { return facts_; }

 private:
  Endpoint endpoint(std::string_view text);

  std::shared_ptr<Names> names_ = std::make_shared<Names>();
  Facts facts_;
};

// A dump of a server on 10.0.0.1:8443 with `stuck` connections that stay in CLOSE_WAIT.
DumpBuilder server(const std::string& name, Milliseconds at, uint32_t stuck);
// Facts of a live server with such a leak, with `open` descriptors of at most 8192: they name holders and
// limits.
Facts leak(uint32_t count, Milliseconds at, uint32_t open);

// Dumps of the two hosts 10.0.0.1, which serves :5432, and 10.0.0.9, with five open connections between them.
DumpBuilder db(Milliseconds at = {});
DumpBuilder web(Milliseconds at = {});

Comparison compared(std::vector<Facts> dumps, std::optional<Milliseconds> interval = {});
// The growth of a state, or of a finding or undecided group, on the first host; nothing if it is unknown.
const StateGrowth* growth_of(const Comparison& comparison, State state);
const Trend* trend_of(const Comparison& comparison, const std::string& id);

}  // namespace whywait::testing
