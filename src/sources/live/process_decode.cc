#include "sources/live/process_decode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <vector>

#include <linux/futex.h>
#include <linux/sched.h>
#include <sys/syscall.h>

namespace whywait::live {
namespace {

// include/linux/sched.h of the kernel; not exported to user space, but printed in stat since ever.
constexpr uint64_t kKernelThread = 0x00200000;

template <class T>
std::optional<T> leading_number(std::string_view text, int base = 10) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    const auto from = text.find_first_not_of(" \t\n");
    if (from == std::string_view::npos) return out;
    const auto to = std::min(text.find_first_of(" \t\n", from), text.size());
    out.push_back(text.substr(from, to - from));
    text.remove_prefix(to);
  }
}

template <class Each>
void each_line(std::string_view text, Each each) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    each(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::optional<RunState> run_state(char letter) {
  switch (letter) {
    case 'R': return RunState::Running;
    case 'S': return RunState::Sleeping;
    case 'D': return RunState::Uninterruptible;
    case 'T': return RunState::Stopped;
    case 't': return RunState::Traced;
    case 'Z': return RunState::Zombie;
    case 'X':
    case 'x': return RunState::Dead;
    case 'I':
    case 'P': return RunState::Idle;
    default: return std::nullopt;
  }
}

bool is_unit(std::string_view part) {
  constexpr std::array<std::string_view, 4> kKinds = {".service", ".scope", ".socket", ".mount"};
  return std::any_of(kKinds.begin(), kKinds.end(),
                     [&](std::string_view kind) { return part.ends_with(kind); });
}

// docker-<64 hex digits>.scope, cri-containerd-<…>.scope, libpod-<…>.scope, or the bare digits.
std::string container_of(std::string_view part) {
  constexpr size_t kDigits = 64;
  constexpr size_t kShown = 12;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  for (size_t from = 0; from + kDigits <= part.size(); ++from) {
    const auto candidate = part.substr(from, kDigits);
    if (std::all_of(candidate.begin(), candidate.end(), is_hex))
      return std::string(candidate.substr(0, kShown));
  }
  return {};
}

void take_path(Cgroup& out, std::string_view path) {
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, end);
    if (is_unit(part)) out.unit = part;
    if (auto id = container_of(part); !id.empty()) out.container = std::move(id);
    path.remove_prefix(std::min(end + 1, path.size()));
  }
}

struct CallNumber {
  int64_t number;
  Call call;
  bool first_is_fd;
};

constexpr CallNumber kCalls[] = {
    // NOLINT(*-avoid-c-arrays): its length follows the architecture
    {SYS_accept4, Call::Accept, true},
    {SYS_accept, Call::Accept, true},
    {SYS_recvfrom, Call::Receive, true},
    {SYS_recvmsg, Call::Receive, true},
    {SYS_recvmmsg, Call::Receive, true},
    {SYS_read, Call::Receive, true},
    {SYS_readv, Call::Receive, true},
    {SYS_sendto, Call::Send, true},
    {SYS_sendmsg, Call::Send, true},
    {SYS_sendmmsg, Call::Send, true},
    {SYS_write, Call::Send, true},
    {SYS_writev, Call::Send, true},
    {SYS_sendfile, Call::Send, true},
    {SYS_splice, Call::Send, true},
    {SYS_connect, Call::Connect, true},
    {SYS_epoll_pwait, Call::Epoll, true},
    {SYS_epoll_pwait2, Call::Epoll, true},
    {SYS_ppoll, Call::Poll, false},
    {SYS_pselect6, Call::Poll, false},
    {SYS_futex, Call::Futex, false},
    {SYS_nanosleep, Call::Sleep, false},
    {SYS_clock_nanosleep, Call::Sleep, false},
    {SYS_wait4, Call::WaitChild, false},
    {SYS_waitid, Call::WaitChild, false},
    {SYS_rt_sigsuspend, Call::WaitSignal, false},
    {SYS_rt_sigtimedwait, Call::WaitSignal, false},
    {SYS_flock, Call::FileLock, true},
    {SYS_fcntl, Call::FileLock, true},
    {SYS_io_uring_enter, Call::IoUring, true},
#ifdef SYS_epoll_wait  // the older calls, which newer architectures do not have
    {SYS_epoll_wait, Call::Epoll, true},
    {SYS_poll, Call::Poll, false},
    {SYS_select, Call::Poll, false},
    {SYS_pause, Call::WaitSignal, false},
#endif
};

}  // namespace

std::optional<Stat> decode_stat(std::string_view text) {
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  // The fields from the third on, the state.
  const auto fields = words(text.substr(close + 1));
  constexpr size_t kFlags = 9 - 3;
  constexpr size_t kStart = 22 - 3;
  if (fields.size() <= kStart) return std::nullopt;
  const auto state = run_state(fields[0].front());
  const auto parent = leading_number<int32_t>(fields[1]);
  const auto flags = leading_number<uint64_t>(fields[kFlags]);
  const auto start = leading_number<uint64_t>(fields[kStart]);
  if (!state || !parent || !flags || !start) return std::nullopt;
  return Stat{.name = std::string(text.substr(open + 1, close - open - 1)),
              .state = *state,
              .parent = Pid{*parent},
              .is_kernel_thread = (*flags & kKernelThread) != 0,
              .start_ticks = *start};
}

std::optional<DescriptorLimit> decode_descriptor_limit(std::string_view limits) {
  constexpr std::string_view kRow = "Max open files";
  std::optional<DescriptorLimit> out;
  each_line(limits, [&](std::string_view line) {
    if (!line.starts_with(kRow)) return;
    const auto values = words(line.substr(kRow.size()));
    if (values.empty()) return;
    const auto soft = leading_number<uint64_t>(values[0]);
    if (soft || values[0] == "unlimited") out = DescriptorLimit{.soft = soft};
  });
  return out;
}

Cgroup decode_cgroup(std::string_view text) {
  Cgroup out;
  each_line(text, [&](std::string_view line) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return;
    const auto controllers = line.substr(first + 1, second - first - 1);
    const auto path = line.substr(second + 1);
    if (controllers.empty()) out.v2_path = path;
    if (controllers == "freezer") out.freezer_path = path;
    take_path(out, path);
  });
  return out;
}

namespace {

constexpr uint64_t kLockPi2 = 13;  // since Linux 5.14

std::optional<uint64_t> argument(std::span<const std::string_view> fields, size_t n) {
  if (fields.size() <= n || !fields[n].starts_with("0x")) return std::nullopt;
  return leading_number<uint64_t>(fields[n].substr(2), 16);
}

// FUTEX_WAIT for the value 2: how glibc waits for a mutex that is locked (lowlevellock.h). FUTEX_LOCK_PI and
// FUTEX_LOCK_PI2: a mutex whatever the value.
std::optional<Futex> waited_futex(std::span<const std::string_view> fields) {
  const auto operation = argument(fields, 2);
  const auto address = argument(fields, 1);
  if (!operation || !address) return std::nullopt;
  switch (*operation & static_cast<uint64_t>(FUTEX_CMD_MASK)) {
    case FUTEX_LOCK_PI:
    case kLockPi2: return Futex{.address = *address, .is_pi = true};
    case FUTEX_WAIT:
      if (argument(fields, 3) != 2U) return std::nullopt;
      return Futex{.address = *address, .is_pi = false};
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<Tid> decode_mutex(std::span<const std::byte> bytes, bool is_pi) {
  constexpr size_t kOwner = 8;
  uint32_t word = 0;
  uint32_t owner = 0;
  if (bytes.size() < kOwner + sizeof owner) return std::nullopt;
  std::memcpy(&word, bytes.data(), sizeof word);
  std::memcpy(&owner, bytes.data() + kOwner, sizeof owner);
  constexpr uint32_t kWaitedFor = 2;
  if (is_pi) {
    owner = word & FUTEX_TID_MASK;
  } else if (word != kWaitedFor) {
    return std::nullopt;
  }
  if (owner == 0 || owner > FUTEX_TID_MASK) return std::nullopt;
  return Tid{static_cast<int32_t>(owner)};
}

std::vector<LockWait> decode_locks(std::string_view text) {
  std::vector<LockWait> out;
  std::optional<Pid> owner;
  each_line(text, [&](std::string_view line) {
    // "1: POSIX  ADVISORY  WRITE 4711 …", and behind it "1: -> POSIX  ADVISORY  WRITE 4712 …"
    const auto fields = words(line);
    constexpr size_t kPid = 4;
    const bool waits = fields.size() > 1 && fields[1] == "->";
    const auto at = kPid + (waits ? 1 : 0);
    const auto pid = fields.size() > at ? leading_number<int32_t>(fields[at]) : std::nullopt;
    if (!waits) {
      owner = pid && *pid > 0 ? std::optional(Pid{*pid}) : std::nullopt;
    } else if (owner && pid && *pid > 0) {
      out.push_back({.waiter = Pid{*pid}, .owner = *owner});
    }
  });
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<SystemCall> decode_system_call(std::string_view text) {
  const auto fields = words(text);
  if (fields.empty()) return std::nullopt;
  if (fields[0] == "running") return SystemCall{.call = Call::None};
  const auto number = leading_number<int64_t>(fields[0]);
  if (!number) return std::nullopt;
  if (*number < 0) return SystemCall{.call = Call::Other};
  for (const auto& kind : kCalls) {
    if (kind.number != *number) continue;
    SystemCall out{.call = kind.call};
    if (kind.call == Call::Futex) out.futex = waited_futex(fields);
    if (kind.first_is_fd) {
      const auto fd = argument(fields, 1);
      // The register is 64 bits wide, the descriptor 32.
      if (fd) out.fd = static_cast<int32_t>(static_cast<uint32_t>(*fd));
    }
    return out;
  }
  return SystemCall{.call = Call::Other};
}

std::optional<std::chrono::nanoseconds> decode_cpu_time(std::string_view schedstat) {
  const auto ran = leading_number<int64_t>(schedstat);
  return ran ? std::optional(std::chrono::nanoseconds(*ran)) : std::nullopt;
}

std::optional<uint32_t> decode_inode_link(std::string_view link, std::string_view kind) {
  if (!link.starts_with(kind) || !link.substr(kind.size()).starts_with(":[") || !link.ends_with(']')) {
    return std::nullopt;
  }
  return leading_number<uint32_t>(link.substr(kind.size() + 2));
}

std::vector<EpollItem> decode_epoll(std::string_view fdinfo) {
  std::vector<EpollItem> out;
  each_line(fdinfo, [&](std::string_view line) {
    const auto fields = words(line);
    EpollItem item;
    bool is_item = false;
    for (size_t i = 0; i < fields.size(); ++i) {
      const auto next = i + 1 < fields.size() ? fields[i + 1] : std::string_view();
      if (fields[i] == "tfd:") {
        is_item = true;
        item.fd = leading_number<int32_t>(next).value_or(-1);
      } else if (fields[i] == "events:") {
        item.events = leading_number<uint32_t>(next, 16).value_or(0);
      } else if (fields[i].starts_with("ino:")) {
        item.inode = leading_number<uint32_t>(fields[i].substr(4), 16).value_or(0);
      }
    }
    if (is_item) out.push_back(item);
  });
  return out;
}

std::optional<std::vector<uint32_t>> decode_ring_files(std::string_view fdinfo) {
  std::optional<uint32_t> counted;
  uint32_t named = 0;
  std::vector<uint32_t> out;
  bool among_files = false;
  each_line(fdinfo, [&](std::string_view line) {
    constexpr std::string_view kHead = "UserFiles:";
    const auto fields = words(line);
    if (line.starts_with(kHead)) {
      among_files = true;
      counted = fields.size() > 1 ? leading_number<uint32_t>(fields[1]) : std::nullopt;
    } else if (among_files && fields.size() == 2 && line.starts_with(' ')) {
      ++named;  // "<none>" too
      if (const auto inode = decode_inode_link(fields[1], "socket")) out.push_back(*inode);
    } else {
      among_files = false;
    }
  });
  if (!counted || named < *counted) return std::nullopt;
  return out;
}

}  // namespace whywait::live
