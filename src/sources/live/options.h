// How this machine is to be read.
#pragma once

#include "core/age.h"

#include <cstdint>

namespace whywait::live {

enum class ReadMethod : uint8_t {
  SockDiag,     // netlink, and /proc/net/tcp where that is refused
  ProcNetOnly,  // as if it were refused
};

struct Options {
  ReadMethod way = ReadMethod::SockDiag;
  bool bpf = true;  // use the iterators where the kernel takes them
  bool own_namespace_only = false;
  // Between the looks. Long enough to tell a thread that computes from one that waits: a scheduler's turn is
  // milliseconds, an event loop's timer a tenth of a second.
  Milliseconds look{200};
};

}  // namespace whywait::live
