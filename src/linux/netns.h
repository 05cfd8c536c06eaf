// Network namespaces: finding them, and doing something inside one.
#pragma once

#include "core/connection.h"
#include "linux/error.h"
#include "linux/fd.h"

#include <functional>
#include <vector>

namespace whywait::linux_os {

struct Namespace {
  Netns id{0};
  Fd fd;  // keeps it alive; empty for the own one
};

struct Namespaces {
  std::vector<Namespace> list;  // the own one first
  uint32_t refused = 0;         // seen, but not opened
  bool others_hidden = false;   // there are processes whose namespace may not be asked for
};

Result<Netns> own_namespace();

// Those of every process, and those that only a mount keeps (ip netns, container engines).
Result<Namespaces> all_namespaces();

// Runs `work` on a thread that is inside `ns`, so that this process never leaves its own. The thread ends
// with the call.
Result<void> inside(const Namespace& ns, const std::function<void()>& work);

}  // namespace whywait::linux_os
