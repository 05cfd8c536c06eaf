#include "linux/privileges.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::linux_os {
namespace {

uint64_t effective_capabilities() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("CapEff:")) return std::stoull(line.substr(7), nullptr, 16);
  }
  return ~0ULL;
}

// In a child: what is given up does not come back.
bool keeps(Result<void> (*keep)(), uint64_t wanted) {
  const pid_t child = fork();
  if (child == 0) {
    const auto before = effective_capabilities();
    const bool done = keep().has_value();
    _exit(done && effective_capabilities() == (before & wanted) ? 0 : 1);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && status == 0;
}

TEST(Privileges, OnlyThoseForReadingStay) {
  constexpr uint64_t kFiles = 1ULL << CAP_DAC_READ_SEARCH;
  constexpr uint64_t kReading =
      kFiles | 1ULL << CAP_SYS_ADMIN | 1ULL << CAP_SYS_PTRACE | 1ULL << CAP_NET_ADMIN;
  EXPECT_TRUE(keeps(keep_no_rights, 0));
  EXPECT_TRUE(keeps(keep_file_reading_right, kFiles));
  EXPECT_TRUE(keeps(keep_reading_rights_only, kReading));
  EXPECT_TRUE(keeps(keep_reading_and_file_rights, kReading | 1ULL << CAP_DAC_OVERRIDE));
}

}  // namespace
}  // namespace whywait::linux_os
