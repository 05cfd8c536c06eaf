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

std::string_view id(EvidenceSource source) {
  switch (source) {
    case EvidenceSource::SocketTable: return "socket-table";
    case EvidenceSource::SecondLook: return "second-look";
    case EvidenceSource::ProcessStat: return "process-stat";
    case EvidenceSource::ProcessDescriptors: return "process-descriptors";
    case EvidenceSource::ThreadState: return "thread-state";
    case EvidenceSource::SocketDetail: return "socket-detail";
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
