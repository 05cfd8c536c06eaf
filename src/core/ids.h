// The names of enumerators in the JSON and in saved files. Programs rely on them: add names, never rename
// one.
#pragma once

#include "core/connection.h"
#include "core/process.h"

#include <string_view>

namespace whywait {

constexpr std::string_view id(TimerKind kind) {
  switch (kind) {
    case TimerKind::None: return "none";
    case TimerKind::Retransmit: return "retransmit";
    case TimerKind::KeepAlive: return "keepalive";
    case TimerKind::TimeWait: return "timewait";
    case TimerKind::ZeroWindowProbe: return "persist";
  }
  return "";
}

constexpr std::string_view id(RunState state) {
  switch (state) {
    case RunState::Running: return "running";
    case RunState::Sleeping: return "sleeping";
    case RunState::Uninterruptible: return "uninterruptible";
    case RunState::Stopped: return "stopped";
    case RunState::Traced: return "traced";
    case RunState::Zombie: return "zombie";
    case RunState::Dead: return "dead";
    case RunState::Idle: return "idle";
  }
  return "";
}

constexpr std::string_view id(Call call) {
  switch (call) {
    case Call::None: return "none";
    case Call::Accept: return "accept";
    case Call::Receive: return "receive";
    case Call::Send: return "send";
    case Call::Connect: return "connect";
    case Call::Epoll: return "epoll";
    case Call::Poll: return "poll";
    case Call::Futex: return "futex";
    case Call::Sleep: return "sleep";
    case Call::WaitChild: return "wait-child";
    case Call::WaitSignal: return "wait-signal";
    case Call::FileLock: return "file-lock";
    case Call::IoUring: return "io-uring";
    case Call::Other: return "other";
  }
  return "";
}

}  // namespace whywait
