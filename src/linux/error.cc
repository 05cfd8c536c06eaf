#include "linux/error.h"

#include <cerrno>

namespace whywait::linux_os {

tl::unexpected<Error> failed(std::string doing) {
  const int number = errno;
  return tl::unexpected(Error{.doing = std::move(doing), .number = number});
}

Missing missing(const Error& error) {
  if (error.number == EACCES || error.number == EPERM) return Missing::Denied;
  if (error.number == ENOENT || error.number == ESRCH) return Missing::Gone;
  return Missing::CutShort;
}

}  // namespace whywait::linux_os
