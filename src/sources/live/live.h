// The source of facts about this machine, now.
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

  // Reads the socket table and the facts that need no question.
  Facts begin();
  // Answers each need once. It sleeps until the second look.
  void answer(std::span<const Need> needs, Facts& facts);

  // One line for each choice of method: what was read how, and why.
  const std::vector<std::string>& notes() const { return begun_.notes; }

 private:
  bool begin_by_iterators(Facts& facts);
  void look_for_hidden(Facts& facts);
  bool take_iterators(Facts& facts);
  void answer_details(const std::vector<Pid>& pids, Facts& facts);
  std::map<Pid, ThreadWatch> watch(const std::vector<Pid>& pids, const Facts& facts) const;
  void add_last_given_cpu(const std::vector<Pid>& pids, Facts& facts) const;
  // Reads with the iterators, or notes why not. After a failure it does not try again.
  std::optional<IteratorReading> read_iterators();
  void refuse_iterators(const linux_os::Error& error);
  void note(std::string line);
  Milliseconds pause(bool threads, bool rows) const;

  // The state that begin() resets.
  struct Begun {
    ByIterators iterators;
    bool refused = false;  // the iterators failed; do not try them again
    // The first look at the threads, taken before the table if reading the table takes long.
    std::optional<ThreadTimes> first_threads;
    std::chrono::steady_clock::time_point first_threads_at;
    std::chrono::steady_clock::time_point first_look;
    std::vector<std::string> notes;
  };

  Options options_;
  Begun begun_;
};

}  // namespace whywait::live
