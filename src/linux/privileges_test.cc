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
TEST(Privileges, OnlyThoseForReadingStay) {
  const pid_t child = fork();
  if (child == 0) {
    const auto before = effective_capabilities();
    const bool done = keep_reading_rights_only().has_value();
    constexpr uint64_t kReading =
        1ULL << CAP_SYS_ADMIN | 1ULL << CAP_SYS_PTRACE | 1ULL << CAP_DAC_READ_SEARCH | 1ULL << CAP_NET_ADMIN;
    _exit(done && effective_capabilities() == (before & kReading) ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace whywait::linux_os
