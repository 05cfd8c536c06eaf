// What is known of a process and its threads.
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

// A descriptor of a process that refers to a socket. Sorted tables of these find the holders of an inode.
struct Holder {
  uint32_t inode = 0;
  Pid pid{0};
  int32_t fd = -1;

  auto operator<=>(const Holder&) const = default;
};
static_assert(sizeof(Holder) == 12);

// Field 3 of /proc/PID/stat (fs/proc/array.c, task_state_array).
enum class RunState : uint8_t {
  Running,
  Sleeping,
  Uninterruptible,
  Stopped,
  Traced,
  Zombie,
  Dead,
  Idle,  // of a kernel thread
};

// What a thread's system call waits for, by kind: the numbers differ from architecture to architecture.
enum class Call : uint8_t {
  None,  // it runs in user space
  Accept,
  Receive,  // recv, recvmsg, read
  Send,     // send, sendmsg, write
  Connect,
  Epoll,
  Poll,  // poll and select: the descriptors are in the process's memory
  Futex,
  Sleep,
  WaitChild,
  WaitSignal,
  FileLock,
  IoUring,
  Other,
};

// A word that a thread waits for, in the memory of its process, as mutexes have one.
struct Futex {
  uint64_t address = 0;
  bool is_pi = false;  // with priority inheritance: the kernel knows the owner, who is in the word itself

  bool operator==(const Futex&) const = default;
};

struct SystemCall {
  Call call = Call::Other;
  std::optional<int32_t> fd;     // where the call's first argument is one
  std::optional<Futex> futex{};  // of a call that a locked mutex makes

  bool operator==(const SystemCall&) const = default;
};

// What the descriptor of a call refers to.
struct CallFile {
  enum class Kind : uint8_t { Socket, Pipe, Other };
  Kind kind = Kind::Other;
  uint32_t inode = 0;  // of a socket or a pipe

  bool operator==(const CallFile&) const = default;
};

struct Thread {
  Tid tid{0};
  RunState state = RunState::Sleeping;
  Answer<SystemCall> system_call = tl::unexpected(Missing::NotAsked);
  Answer<std::string> wait_channel =
      tl::unexpected(Missing::NotAsked);                      // kernel function, empty while running
  Answer<CallFile> file = tl::unexpected(Missing::NotAsked);  // of a read, a write or a connect()
  // Of a mutex of glibc that it waits for: the thread that has locked it.
  Answer<Tid> lock_owner = tl::unexpected(Missing::NotAsked);
  // CPU time used between the two looks (/proc/TID/schedstat, first field).
  Answer<std::chrono::nanoseconds> ran = tl::unexpected(Missing::NotAsked);
  // Since it was last given a CPU (sched_info.last_arrival); one that is running may have had it all that
  // time.
  Answer<Milliseconds> last_given_cpu = tl::unexpected(Missing::NotAsked);
};

struct Threads {
  std::vector<Thread> list;
  Milliseconds window{0};  // between the two looks
};

struct Descriptors {
  uint32_t open = 0;
  uint32_t pipes = 0;             // that lead to another process: standard streams and pipes to itself apart
  std::optional<uint64_t> limit;  // soft RLIMIT_NOFILE; absent: unlimited
};

struct Process {
  Pid pid{0};
  std::optional<Pid> parent;  // absent where the source does not tell
  uint64_t start_ticks = 0;   // clock ticks since boot: with the pid, the identity of the process
  std::chrono::system_clock::time_point started;
  std::string name;                                         // comm, any bytes but NUL and at most 15 of them
  std::string command_line;                                 // arguments parted by blanks; any bytes
  std::string unit;                                         // systemd unit, empty for none
  std::string container;                                    // id of at least 12 hex digits, empty for none
  Answer<bool> frozen = tl::unexpected(Missing::NotAsked);  // the freezer of its cgroup or of an ancestor
  Answer<Descriptors> descriptors = tl::unexpected(Missing::NotAsked);
};

}  // namespace whywait
