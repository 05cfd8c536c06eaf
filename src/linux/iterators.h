// The BPF iterators of bpf/: programs that the kernel runs over its own tables while we read. They only read;
// nothing stays attached or pinned, for a program lives as long as the descriptors of whoever loaded it.
#pragma once

#include "linux/error.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace whywait::linux_os {

enum class Program : uint8_t {
  Descriptors,  // iter/task_file: whywait_descriptor, some with a whywait_socket behind
  Sockets,      // iter/tcp: whywait_socket; of the calling thread's network namespace
  Threads,      // iter/task: whywait_thread
  InFlight,     // iter/unix: whywait_flight; of the calling thread's network namespace
};

class Iterators {
 public:
  // Loads what it can of `wanted`, at least one, and remembers of the rest why not. `sockets` is how many are
  // expected: with many more, some are told twice.
  static Result<Iterators> load(std::span<const Program> wanted, size_t sockets);

  Iterators(Iterators&&) noexcept;
  Iterators& operator=(Iterators&&) noexcept;
  ~Iterators();

  bool has(Program program) const;
  // A line for each program that was wanted and is not there: its name, and what the kernel said.
  const std::vector<std::string>& refused() const { return refused_; }

  // From here on each socket is told once, by whichever program meets it first,
  void begin_pass();
  // unless there are so many that the table of those that were met has no room for them.
  bool may_have_repeated() const;

  // Runs the program and hands over its records, each call with whole bytes as the kernel gave them; a record
  // may be cut between two calls. The program must be there.
  Result<void> read(Program program, const std::function<void(std::span<const std::byte>)>& each) const;

 private:
  struct Loaded;
  explicit Iterators(std::unique_ptr<Loaded> loaded);

  std::unique_ptr<Loaded> loaded_;
  std::vector<std::string> refused_;
};

}  // namespace whywait::linux_os
