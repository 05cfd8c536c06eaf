#include "linux/privileges.h"

#include <array>
#include <cerrno>

#include <cap-ng.h>
#include <sys/prctl.h>

namespace whywait::linux_os {
namespace {

// setns(); /proc/PID/fd, task/TID/syscall; /proc/PID/fd of another user; the rows of other namespaces.
constexpr std::array kNeeded = {CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_NET_ADMIN};

}  // namespace

Result<void> keep_reading_rights_only() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("give up new privileges");
  if (capng_get_caps_process() != 0) return failed("read the own capabilities");
  std::array<bool, kNeeded.size()> had{};
  for (size_t i = 0; i < kNeeded.size(); ++i) {
    had.at(i) = capng_have_capability(CAPNG_PERMITTED, static_cast<unsigned>(kNeeded.at(i))) != 0;
  }
  capng_clear(CAPNG_SELECT_CAPS);
  for (size_t i = 0; i < kNeeded.size(); ++i) {
    if (!had.at(i)) continue;
    const auto both = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED);
    if (capng_update(CAPNG_ADD, both, static_cast<unsigned>(kNeeded.at(i))) != 0) {
      errno = EINVAL;
      return failed("choose capabilities");
    }
  }
  if (capng_apply(CAPNG_SELECT_CAPS) != 0) return failed("give up capabilities");
  return {};
}

}  // namespace whywait::linux_os
