#include "render/ids.h"

namespace whywait::render {

std::string_view id(Confidence confidence) {
  switch (confidence) {
    case Confidence::Certain: return "certain";
    case Confidence::Likely: return "likely";
    case Confidence::Possible: return "possible";
  }
  return "";
}

std::string_view id(Severity severity) {
  switch (severity) {
    case Severity::Notice: return "notice";
    case Severity::Warning: return "warning";
    case Severity::Critical: return "critical";
  }
  return "";
}

std::string_view id(Status status) {
  switch (status) {
    case Status::Ok: return "ok";
    case Status::Notice: return "notice";
    case Status::Warning: return "warning";
    case Status::Critical: return "critical";
    case Status::Unknown: return "unknown";
  }
  return "";
}

std::string_view id(Fact fact) {
  switch (fact) {
    case Fact::NeverAccepted: return "never-accepted";
    case Fact::FinUnread: return "fin-unread";
    case Fact::FinConsumed: return "fin-consumed";
    case Fact::UnreadBytes: return "unread-bytes";
    case Fact::Unchanged: return "unchanged-at-second-look";
    case Fact::LookedAgain: return "looked-at-again";
    case Fact::AcceptQueue: return "accept-queue";
    case Fact::AcceptQueueLimit: return "accept-queue-limit";
    case Fact::PeerClosed: return "peer-closed";
    case Fact::OtherLegs: return "other-legs";
    case Fact::HolderCpu: return "holder-cpu";
    case Fact::Busy: return "threads-at-work";
    case Fact::DescriptorsOpen: return "descriptors-open";
    case Fact::DescriptorLimit: return "descriptor-limit";
    case Fact::Unwatched: return "in-no-epoll-set";
    case Fact::EventPending: return "event-not-fetched";
    case Fact::WaitedOn: return "slept-on";
    case Fact::ListenerPending: return "listener-event-not-fetched";
    case Fact::SinceRun: return "holder-last-given-a-cpu";
    case Fact::ZeroWindow: return "zero-window";
    case Fact::UnsentBytes: return "unsent-bytes";
    case Fact::PeerWaits: return "peer-waits";
    case Fact::AnswerFlows: return "sent-after-fin";
    case Fact::HalfClosedLegs: return "half-closed-legs";
    case Fact::Holders: return "holders";
    case Fact::RequestWaits: return "request-unread";
    case Fact::QueuedBehind: return "queued-behind";
    case Fact::DeadDescriptors: return "dead-descriptors";
  }
  return "";
}

std::string_view id(Unit unit) {
  switch (unit) {
    case Unit::Connections: return "connections";
    case Unit::Bytes: return "bytes";
    case Unit::Descriptors: return "descriptors";
    case Unit::Threads: return "threads";
    case Unit::Microseconds: return "us";
    case Unit::Processes: return "processes";
  }
  return "";
}

std::string_view id(Source source) {
  switch (source) {
    case Source::SocketTable: return "socket table";
    case Source::SecondLook: return "second look at the socket table";
    case Source::ProcessStat: return "/proc/PID";
    case Source::ProcessDescriptors: return "/proc/PID/fd";
    case Source::ThreadState: return "/proc/PID/task";
    case Source::SocketDetail: return "the kernel's structures of sockets and threads";
  }
  return "";
}

std::string_view id(Block block) {
  switch (block) {
    case Block::Stopped: return "stopped";
    case Block::Traced: return "traced";
    case Block::Frozen: return "frozen";
    case Block::Uninterruptible: return "uninterruptible";
    case Block::Lock: return "lock";
    case Block::Spinning: return "spinning";
    case Block::DescriptorLimit: return "descriptor-limit";
    case Block::Child: return "child";
    case Block::Pipe: return "pipe";
    case Block::Connection: return "connection";
    case Block::FileLock: return "file-lock";
    case Block::Timer: return "timer";
    case Block::Idle: return "idle";
    case Block::Unknown: return "unknown";
  }
  return "";
}

std::string_view id(Hop::Via via) {
  switch (via) {
    case Hop::Via::Connection: return "connection";
    case Hop::Via::UnixSocket: return "unix-socket";
    case Hop::Via::Pipe: return "pipe";
    case Hop::Via::FileLock: return "file-lock";
    case Hop::Via::Lock: return "lock";
  }
  return "";
}

std::string_view id(Side side) {
  switch (side) {
    case Side::Server: return "server";
    case Side::Client: return "client";
    case Side::Unknown: return "unknown";
  }
  return "";
}

std::string_view id(WaitsOn what) {
  switch (what) {
    case WaitsOn::NothingNamed: return "nothing-named";
    case WaitsOn::Socket: return "socket";
    case WaitsOn::OtherSocket: return "other-socket";
    case WaitsOn::NoSocket: return "no-socket";
    case WaitsOn::NotKnown: return "not-known";
  }
  return "";
}

std::string_view id(NoHolder why) {
  switch (why) {
    case NoHolder::NotTold: return "not-told";
    case NoHolder::NotAccepted: return "not-accepted";
    case NoHolder::Handshake: return "handshake";
    case NoHolder::Mini: return "mini-socket";
    case NoHolder::Orphan: return "orphan";
    case NoHolder::Ring: return "io-uring";
    case NoHolder::InFlight: return "in-flight";
    case NoHolder::Kernel: return "kernel";
    case NoHolder::Mptcp: return "mptcp-subflow";
    case NoHolder::Unreadable: return "unreadable";
    case NoHolder::Outside: return "outside";
    case NoHolder::Unexplained: return "unexplained";
  }
  return "";
}

}  // namespace whywait::render
