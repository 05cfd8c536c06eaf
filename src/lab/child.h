// Child processes that cannot outlive their parent, and the pipe on which a child reports to its parent.
#pragma once

#include "linux/fd.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <sys/types.h>

namespace whywait::lab {

using linux_os::Fd;

class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds from_now) : end_(Clock::now() + from_now) {}
  bool passed() const { return Clock::now() >= end_; }
  std::chrono::milliseconds left() const {
    return std::chrono::ceil<std::chrono::milliseconds>(passed() ? Clock::duration{0} : end_ - Clock::now());
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point end_;
};

[[noreturn]] void throw_errno(const char* what);  // throws std::system_error with the current errno

struct Pipe {
  Fd out;
  Fd in;
};
Pipe make_pipe();

struct Message {
  int32_t number = 0;   // a port or an exit status
  std::string trouble;  // an error message; empty if all is well
};
void tell(const Fd& pipe, const Message& message);  // a pipe has room for 64 unread messages
std::optional<Message> hear(const Fd& pipe, std::chrono::milliseconds patience);

// A child calls this so that the kernel kills it when the thread that forked it ends. A change of user or
// capabilities clears the setting, so call it after those.
void die_with(pid_t parent);

// Starts a child that inherits the caller's descriptors and dies with the caller. An exception from `work`
// ends the child.
void start_child(const char* name, const std::function<void()>& work);

}  // namespace whywait::lab
