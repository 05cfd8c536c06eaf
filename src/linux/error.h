// What a system call refused, as a value.
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

tl::unexpected<Error> failed(std::string doing);  // with the present errno

// EACCES and EPERM are rights, ENOENT and ESRCH an end, the rest a reading cut short.
Missing missing(const Error& error);

}  // namespace whywait::linux_os
