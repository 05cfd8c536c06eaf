// The failure of a system call, as a value.
#pragma once

#include "core/answer.h"

#include <string>
#include <system_error>

namespace whywait::linux_os {

struct Error {
  std::string doing;  // "open /proc/42/fd"
  int number = 0;     // errno

  std::string text() const { return doing + ": " + std::generic_category().message(number); }
};

template <class T>
using Result = tl::expected<T, Error>;

tl::unexpected<Error> failed(std::string doing);  // takes the current errno

// Denied for EACCES and EPERM, Gone for ENOENT and ESRCH, CutShort for every other error.
Missing missing(const Error& error);

}  // namespace whywait::linux_os
