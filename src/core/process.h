// Facts about processes and their threads.
#pragma once

#include "core/age.h"
#include "core/answer.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace whywait {

enum class Pid : int32_t {};
enum class Tid : int32_t {};

inline int32_t number(Pid pid) { return static_cast<int32_t>(pid); }
inline int32_t number(Tid tid) { return static_cast<int32_t>(tid); }

// A descriptor that refers to a socket. Tables sorted by inode give the holders of a socket.
struct Holder {
  uint32_t inode = 0;
  Pid pid{0};
  int32_t fd = -1;

  auto operator<=>(const Holder&) const = default;
};
static_assert(sizeof(Holder) == 12);

// Field 3 of /proc/PID/stat (task_state_array in fs/proc/array.c).
enum class RunState : uint8_t {
  Running,
  Sleeping,
  Uninterruptible,
  Stopped,
  Traced,
  Zombie,
  Dead,
  Idle,  // kernel threads only
};

// What a thread's system call waits for. System call numbers differ between architectures, so kinds stand
// here.
enum class Call : uint8_t {
  None,  // the thread runs in user space
  Accept,
  Receive,  // recv, recvmsg, read
  Send,     // send, sendmsg, write
  Connect,
  Epoll,
  Poll,  // poll, select; their descriptors are listed in the process's memory
  Futex,
  Sleep,
  WaitChild,
  WaitSignal,
  FileLock,
  IoUring,
  Other,
};

// A futex that a thread waits for: a word in the memory of its process, as every mutex has one.
struct Futex {
  uint64_t address = 0;
  bool is_pi = false;  // priority inheritance: the futex word itself holds the owner's thread id

  bool operator==(const Futex&) const = default;
};

struct SystemCall {
  Call call = Call::Other;
  std::optional<int32_t> fd;     // if the call's first argument is one
  std::optional<Futex> futex{};  // set only for a call that waits for a mutex

  bool operator==(const SystemCall&) const = default;
};

// The file that a system call's descriptor refers to.
struct CallFile {
  enum class Kind : uint8_t { Socket, Pipe, Other };
  Kind kind = Kind::Other;
  uint32_t inode = 0;  // for a socket or a pipe

  bool operator==(const CallFile&) const = default;
};

struct Thread {
  Tid tid{0};
  RunState state = RunState::Sleeping;
  Answer<SystemCall> system_call = tl::unexpected(Missing::NotAsked);
  // The kernel function in which the thread sleeps; empty while it runs.
  Answer<std::string> wait_channel = tl::unexpected(Missing::NotAsked);
  Answer<CallFile> file = tl::unexpected(Missing::NotAsked);  // if it is in a read, a write or a connect()
  // The thread that has locked the glibc mutex for which this one waits.
  Answer<Tid> lock_owner = tl::unexpected(Missing::NotAsked);
  // CPU time used between the two looks (first field of /proc/PID/task/TID/schedstat).
  Answer<std::chrono::nanoseconds> ran = tl::unexpected(Missing::NotAsked);
  // Time since the scheduler last put it on a CPU (sched_info.last_arrival). A running thread may have had
  // the CPU all that time.
  Answer<Milliseconds> last_given_cpu = tl::unexpected(Missing::NotAsked);
};

struct Threads {
  std::vector<Thread> list;
  Milliseconds window{0};  // time between the two looks
};

struct Descriptors {
  uint32_t open = 0;
  uint32_t pipes = 0;             // that lead to other processes, without the standard streams
  std::optional<uint64_t> limit;  // soft RLIMIT_NOFILE; absent if it is unlimited
};

struct Process {
  Pid pid{0};
  std::optional<Pid> parent;  // absent if the source does not say
  uint64_t start_ticks = 0;   // clock ticks since boot; with the pid it identifies the process
  std::chrono::system_clock::time_point started;
  std::string name;          // comm: at most 15 bytes, any but NUL
  std::string command_line;  // arguments with blanks between them; any bytes
  std::string unit;          // systemd unit; empty if it has none
  std::string container;     // id of at least 12 hex digits; empty if it has none
  Answer<bool> frozen = tl::unexpected(Missing::NotAsked);  // by the freezer of its cgroup or of an ancestor
  Answer<Descriptors> descriptors = tl::unexpected(Missing::NotAsked);
};

}  // namespace whywait
