// Finds network namespaces, and runs work inside one.
#pragma once

#include "core/connection.h"
#include "linux/error.h"
#include "linux/fd.h"

#include <functional>
#include <vector>

namespace whywait::linux_os {

struct Namespace {
  Netns id{0};
  Fd fd;  // keeps the namespace alive; empty for this process's own
};

struct Namespaces {
  std::vector<Namespace> list;  // this process's own first
  uint32_t refused = 0;         // found, but could not be opened
  bool others_hidden = false;   // some processes do not let whywait see their namespace
};

Result<Netns> own_namespace();

// Finds the namespaces of all processes and those that only a mount keeps alive (ip netns, container
// engines).
Result<Namespaces> all_namespaces();

// Runs `work` on a new thread inside `ns` and waits for it, so that this process never leaves its own
// namespace.
Result<void> inside(const Namespace& ns, const std::function<void()>& work);

}  // namespace whywait::linux_os
