// This machine, now.
#pragma once

#include "core/facts.h"
#include "sources/live/by_iterators.h"
#include "sources/live/options.h"
#include "sources/live/processes.h"

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace whywait::live {

class Live {
 public:
  explicit Live(Options options) : options_(options) {}

  // The socket table and what is known without asking. May be called again, and begins anew then.
  Facts begin();
  // Answers what is asked, and nothing twice. Waits for the second look.
  void answer(std::span<const Need> needs, Facts& facts);

  // Which way was taken for what, and why; a line each.
  const std::vector<std::string>& notes() const { return begun_.notes; }

 private:
  bool begin_by_iterators(Facts& facts);
  void look_for_hidden(Facts& facts);
  bool take_iterators(Facts& facts);
  void answer_details(const std::vector<Pid>& pids, Facts& facts);
  std::map<Pid, ThreadWatch> watch(const std::vector<Pid>& pids, const Facts& facts) const;
  void add_last_given_cpu(const std::vector<Pid>& pids, Facts& facts) const;
  // A reading with the iterators, or a note why not; after one that failed none is tried again.
  std::optional<IteratorReading> read_iterators();
  void refuse_iterators(const linux_os::Error& error);
  void note(std::string line);
  Milliseconds pause(bool threads, bool rows) const;

  // What begin() starts anew.
  struct Begun {
    ByIterators iterators;
    bool refused = false;  // the iterators
    // Before the table was read, where that takes long.
    std::optional<ThreadTimes> first_threads;
    std::chrono::steady_clock::time_point first_threads_at;
    std::chrono::steady_clock::time_point first_look;
    std::vector<std::string> notes;
  };

  Options options_;
  Begun begun_;
};

}  // namespace whywait::live
