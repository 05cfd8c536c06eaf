#include "lab/private_network.h"

#include "lab/child.h"

#include <cerrno>
#include <stdexcept>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace whywait::lab {
namespace {

[[noreturn]] void refuse(std::string_view what) {
  throw std::runtime_error(fmt::format(
      "no private network namespace for the lab: {}: {}; run it as root, or let users make namespaces: "
      "sysctl user.max_user_namespaces, user.max_net_namespaces, kernel.unprivileged_userns_clone, "
      "kernel.apparmor_restrict_unprivileged_userns",
      what, ::strerror(errno)));
}

void write_file(const char* path, std::string_view text) {
  const Fd file(::open(path, O_WRONLY | O_CLOEXEC));
  if (file.get() < 0 || ::write(file.get(), text.data(), text.size()) < 0) refuse(path);
}

// Maps the user to itself, so that people who look around on the stage see the uid that it has outside.
void unshare_with_user() {
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) refuse("unshare");
  write_file("/proc/self/setgroups", "deny");  // the kernel's condition for a gid_map (user_namespaces(7))
  write_file("/proc/self/uid_map", fmt::format("{0} {0} 1", uid));
  write_file("/proc/self/gid_map", fmt::format("{0} {0} 1", gid));
}

void bring_loopback_up() {
  const Fd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  ::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
  if (any.get() < 0 || ::ioctl(any.get(), SIOCGIFFLAGS, &request) != 0) refuse("reading lo");
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  if (::ioctl(any.get(), SIOCSIFFLAGS, &request) != 0) refuse("bringing lo up");
}

}  // namespace

void enter_private_network() {
  if (::unshare(CLONE_NEWNET) != 0) {
    if (errno != EPERM) refuse("unshare");
    unshare_with_user();
  }
  bring_loopback_up();
}

}  // namespace whywait::lab
