#include "linux/netlink_dump.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <vector>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace whywait::linux_os {
namespace {

using Each = std::function<void(std::span<const std::byte>)>;

// The kernel fills at most 32 KiB of a dump at a time (netlink_recvmsg).
constexpr size_t kBuffer = 32768;
// One socket with all its attributes is about a kilobyte; a longer answer is an error, not a shorter one.
constexpr size_t kAnswer = 8192;
// The kernel answers a dump within the system call that reads it; silence is a fault.
constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};

struct Reading {
  const Each& each;
  bool interrupted = false;
};

int on_message(const nlmsghdr* header, void* data) {
  auto& reading = *static_cast<Reading*>(data);
  const auto* bytes = static_cast<const std::byte*>(mnl_nlmsg_get_payload(header));
  reading.each({bytes, mnl_nlmsg_get_payload_len(header)});
  return MNL_CB_OK;
}

// An error stands at the beginning of both: negative in an NLMSG_ERROR (0 is an acknowledgement), and in an
// NLMSG_DONE where the kernel met it on the way (netlink_dump_done): a protocol that it does not have, say.
int on_end(const nlmsghdr* header, void* /*data*/) {
  int error = 0;
  if (mnl_nlmsg_get_payload_len(header) >= sizeof error) {
    std::memcpy(&error, mnl_nlmsg_get_payload(header), sizeof error);
  }
  if (error >= 0) return MNL_CB_STOP;
  errno = -error;
  return MNL_CB_ERROR;
}

// The number that its answers have: an answer to an earlier request of this socket, given up half-way, must
// not be taken for one to this.
Result<uint32_t> send_request(int socket, uint16_t type, uint16_t flags, std::span<const std::byte> payload) {
  static std::atomic<uint32_t> last{0};
  const uint32_t sequence = ++last;
  std::vector<char> buffer(MNL_NLMSG_HDRLEN + MNL_ALIGN(payload.size()));
  auto* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = type;
  header->nlmsg_flags = flags;
  header->nlmsg_seq = sequence;
  std::memcpy(mnl_nlmsg_put_extra_header(header, payload.size()), payload.data(), payload.size());
  if (send(socket, header, header->nlmsg_len, 0) < 0) return failed("send to the kernel's socket diagnosis");
  return sequence;
}

// NLM_F_DUMP_INTR makes mnl_cb_run stop with EINTR, before the messages are read; so it is taken off and kept
// apart. An error for bytes that do not end with a message: mnl_cb_run would pass over them without a word.
Result<bool> take_interrupted(std::span<char> bytes) {
  bool found = false;
  auto left = static_cast<int>(bytes.size());
  for (auto* header = reinterpret_cast<nlmsghdr*>(bytes.data()); mnl_nlmsg_ok(header, left);
       header = mnl_nlmsg_next(header, &left)) {
    found = found || (header->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
    header->nlmsg_flags = static_cast<uint16_t>(header->nlmsg_flags & ~NLM_F_DUMP_INTR);
  }
  if (left <= 0) return found;
  errno = EBADMSG;
  return failed("read a cut answer of the kernel's socket diagnosis");
}

// Passes the messages of the next datagram to the callback and returns its last result.
Result<int> take_answer(int socket, uint32_t sequence, std::span<char> buffer, Reading& reading) {
  std::array<mnl_cb_t, NLMSG_DONE + 1> control{};
  control.at(NLMSG_ERROR) = on_end;
  control.at(NLMSG_DONE) = on_end;
  ssize_t n = 0;
  do {
    n = recv(socket, buffer.data(), buffer.size(), 0);
  } while (n < 0 && errno == EINTR);
  if (n < 0) return failed("read from the kernel's socket diagnosis");
  const auto bytes = buffer.first(static_cast<size_t>(n));
  const auto interrupted = take_interrupted(bytes);
  if (!interrupted) return tl::unexpected(interrupted.error());
  reading.interrupted = reading.interrupted || *interrupted;
  // Port 0 for "any": the kernel gave this socket its own.
  const int status = mnl_cb_run2(bytes.data(), bytes.size(), sequence, 0, on_message, &reading,
                                 control.data(), control.size());
  if (status == MNL_CB_ERROR) return failed("ask the kernel's socket diagnosis");
  return status;
}

}  // namespace

Result<Fd> open_sock_diag() {
  Fd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!fd) return failed("open the kernel's socket diagnosis");
  if (setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience) != 0) {
    return failed("limit the wait for the kernel's socket diagnosis");
  }
  return fd;
}

Result<DumpEnd> dump(int socket, uint16_t type, std::span<const std::byte> payload, const Each& each) {
  const auto sequence = send_request(socket, type, NLM_F_REQUEST | NLM_F_DUMP, payload);
  if (!sequence) return tl::unexpected(sequence.error());
  Reading reading{.each = each};
  alignas(nlmsghdr) std::array<char, kBuffer> buffer{};
  for (;;) {
    const auto status = take_answer(socket, *sequence, buffer, reading);
    if (!status) return tl::unexpected(status.error());
    if (*status == MNL_CB_STOP) return reading.interrupted ? DumpEnd::Interrupted : DumpEnd::Whole;
  }
}

Result<void> get(int socket, uint16_t type, std::span<const std::byte> payload, const Each& each) {
  const auto sequence = send_request(socket, type, NLM_F_REQUEST, payload);
  if (!sequence) return tl::unexpected(sequence.error());
  Reading reading{.each = each};
  alignas(nlmsghdr) std::array<char, kAnswer> buffer{};
  const auto status = take_answer(socket, *sequence, buffer, reading);
  if (!status && status.error().number != ENOENT) return tl::unexpected(status.error());
  return {};
}

}  // namespace whywait::linux_os
