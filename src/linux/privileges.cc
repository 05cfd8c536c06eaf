#include "linux/privileges.h"

#include <array>
#include <cerrno>
#include <span>
#include <vector>

#include <cap-ng.h>
#include <sys/prctl.h>

namespace whywait::linux_os {
namespace {

// setns(); /proc/PID/fd, task/TID/syscall; /proc/PID/fd of another user; the rows of other namespaces. The
// last is to write files.
constexpr std::array kReadingAndFiles = {CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_NET_ADMIN,
                                         CAP_DAC_OVERRIDE};
constexpr std::span kReading = std::span(kReadingAndFiles).first<kReadingAndFiles.size() - 1>();
constexpr std::array kReadingFiles = {CAP_DAC_READ_SEARCH};

Result<void> keep_only(std::span<const int> needed) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("give up new privileges");
  if (capng_get_caps_process() != 0) return failed("read the own capabilities");
  std::vector<unsigned> had;
  for (const auto capability : needed) {
    const auto number = static_cast<unsigned>(capability);
    if (capng_have_capability(CAPNG_PERMITTED, number) != 0) had.push_back(number);
  }
  capng_clear(CAPNG_SELECT_CAPS);
  for (const auto capability : had) {
    const auto both = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED);
    if (capng_update(CAPNG_ADD, both, capability) != 0) {
      errno = EINVAL;
      return failed("choose capabilities");
    }
  }
  if (capng_apply(CAPNG_SELECT_CAPS) != 0) return failed("give up capabilities");
  return {};
}

}  // namespace

Result<void> keep_no_rights() { return keep_only({}); }

Result<void> keep_file_reading_right() { return keep_only(kReadingFiles); }

Result<void> keep_reading_rights_only() { return keep_only(kReading); }

Result<void> keep_reading_and_file_rights() { return keep_only(kReadingAndFiles); }

}  // namespace whywait::linux_os
