// How to read this machine.
#pragma once

#include "core/age.h"

#include <cstdint>

namespace whywait::live {

enum class ReadMethod : uint8_t {
  SockDiag,     // netlink, or /proc/net/tcp if the kernel refuses it
  ProcNetOnly,  // /proc/net/tcp only
};

struct Options {
  ReadMethod method = ReadMethod::SockDiag;
  bool bpf = true;  // use the iterators if the kernel accepts them
  bool own_namespace_only = false;
  // The time between the two looks. It is long enough to tell a thread that computes from one that waits: a
  // scheduler's turn lasts milliseconds, an event loop's timer a tenth of a second.
  Milliseconds look{200};
};

}  // namespace whywait::live
