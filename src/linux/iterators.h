// Loads and reads the BPF iterators in bpf/: programs that the kernel runs over its own tables while whywait
// reads. The programs only read. Nothing stays attached or pinned: a program ends with the descriptors of the
// process that loaded it.
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
  Descriptors,  // iter/task_file: whywait_descriptor records, some followed by a whywait_socket
  Sockets,      // iter/tcp: whywait_socket records for the calling thread's network namespace
  Threads,      // iter/task: whywait_thread records
  InFlight,     // iter/unix: whywait_flight records for the calling thread's network namespace
};

class Iterators {
 public:
  // Loads as many of `wanted` as the kernel accepts, at least one, and records why it refused the others.
  // `sockets` is the expected number of sockets; if there are many more, some are reported twice.
  static Result<Iterators> load(std::span<const Program> wanted, size_t sockets);

  Iterators(Iterators&&) noexcept;
  Iterators& operator=(Iterators&&) noexcept;
  ~Iterators();

  bool has(Program program) const;
  // One line for each wanted program that could not be loaded: its name and the kernel's message.
  const std::vector<std::string>& refused() const { return refused_; }

  // Starts a pass. Within a pass each socket is reported once, by whichever program meets it first.
  void begin_pass();
  // True if the table of sockets met in this pass overflowed, so that some may have been reported twice.
  bool may_have_repeated() const;

  // Runs a loaded program and passes its records to `each` in pieces, as the kernel returns them; a record
  // may be split between two calls.
  Result<void> read(Program program, const std::function<void(std::span<const std::byte>)>& each) const;

 private:
  struct Loaded;
  explicit Iterators(std::unique_ptr<Loaded> loaded);

  std::unique_ptr<Loaded> loaded_;
  std::vector<std::string> refused_;
};

}  // namespace whywait::linux_os
