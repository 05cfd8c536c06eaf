// Child processes that cannot outlive their parent, and the pipe by which one tells its parent how it went.
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

[[noreturn]] void throw_errno(const char* what);  // std::system_error, from errno

struct Pipe {
  Fd out;
  Fd in;
};
Pipe make_pipe();

struct Message {
  int32_t number = 0;   // a port, an exit status
  std::string trouble;  // empty: all is well
};
void tell(const Fd& pipe, const Message& message);  // a pipe holds 64 of them unread
std::optional<Message> hear(const Fd& pipe, std::chrono::milliseconds patience);

// To be called by a child: it is killed when the thread that forked it ends. A change of user or capabilities
// makes the kernel forget this, so it comes after those.
void die_with(pid_t parent);

// A child of the calling process, which has its descriptors and dies with it. What it throws, it dies of.
void start_child(const char* name, const std::function<void()>& work);

}  // namespace whywait::lab
