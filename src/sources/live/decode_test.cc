// The decoders on bytes that a Linux 6.18 kernel gave, and on bytes that somebody bent.
#include "core/linux_numbers.h"
#include "core/proc_net_tcp.h"
#include "sources/live/process_decode.h"
#include "sources/live/sock_diag_decode.h"

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace whywait::live {
namespace {

constexpr Netns kNetns{7};

// A connection that was never accepted: 200 bytes and the FIN unread, no inode.
constexpr std::string_view kCloseWait =
    "02080000b089827c7f0000010000000000000000000000007f000001000000000000000000000000000000000e160000"
    "0000000000000000c9000000000000000000000000000000050008000100000008000f00000000000c00150001000000"
    "0000000006001600520000001c010200080000000007aa01e01c0300409c000000800000180200000000000000000000"
    "00000000000000000000000014000000000000001400000014000000ffff0000cbff00000200000001000000ffffff7f"
    "0a000000cbff00000300000000000000cbff00000000000000e8b4046d000000ffffffffffffffff0000000000000000"
    "c90000000000000001000000040000000000000002000000010000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000100000000000000000000000000000000000000000000000000000000000000"
    "000000000000010000000100000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000";

// Its listener on 127.0.0.1:45193, 20 of 64 in the queue.
constexpr std::string_view kListen =
    "020a0000b08900007f00000100000000000000000000000000000000000000000000000000000000000000000d160000"
    "000000000000000014000000400000000000000020ae0200050008000000000008000f00000000000c00150001000000"
    "0000000006001600520000001c0102000a00000000000000000000000000000000000000000000001400000040000000"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0a0000000000000003000000000000000000000000000000ffffffffffffffffffffffffffffffff0000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000";

std::vector<std::byte> bytes_of(std::string_view hex) {
  std::vector<std::byte> out;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ') continue;
    digits += c;
    if (digits.size() < 2) continue;
    out.push_back(static_cast<std::byte>(std::stoi(digits, nullptr, 16)));
    digits.clear();
  }
  return out;
}

TEST(SockDiag, ReadsAConnectionThatWasNeverAccepted) {
  SocketTable table;
  ASSERT_TRUE(decode_sock_diag(bytes_of(kCloseWait), kNetns, table));
  const auto& c = table.connections.at(0);
  EXPECT_EQ(c.state, State::CloseWait);
  EXPECT_EQ(c.netns, kNetns);
  EXPECT_EQ(text(c.local), "127.0.0.1:45193");
  EXPECT_EQ(text(c.remote), "127.0.0.1:33404");
  EXPECT_EQ(c.recv_q(), 201U);
  EXPECT_EQ(c.send_q(), 0U);
  EXPECT_EQ(c.inode(), 0U);
  EXPECT_EQ(c.cookie(), 0x160eU);
  EXPECT_EQ(c.timer(), Timer{});
  EXPECT_EQ(c.shutdown(), (Shutdown{.receive = true, .send = false}));
  const auto* info = table.info(c);
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->bytes_received, 201U);
  EXPECT_EQ(info->data_segments_in, 1U);
  EXPECT_EQ(info->bytes_sent, 0U);
}

TEST(SockDiag, ReadsAListener) {
  SocketTable table;
  ASSERT_TRUE(decode_sock_diag(bytes_of(kListen), kNetns, table));
  const auto& c = table.connections.at(0);
  EXPECT_EQ(c.state, State::Listen);
  EXPECT_EQ(c.recv_q(), 20U);
  EXPECT_EQ(c.send_q(), 64U);
  EXPECT_EQ(c.inode(), 175648U);
}

TEST(SockDiag, EveryCutIsRefusedOrReadWithLess) {
  const auto whole = bytes_of(kCloseWait);
  for (size_t size = 0; size < whole.size(); ++size) {
    SocketTable table;
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_EQ(decode_sock_diag(cut, kNetns, table), size >= 72) << size;
    EXPECT_EQ(table.connections.size(), size >= 72 ? 1U : 0U);
  }
}

TEST(SockDiag, BentBytesNeverReadPastTheirEnd) {
  std::mt19937 random(20260101);
  const auto whole = bytes_of(kCloseWait);
  SocketTable table;
  for (int i = 0; i < 50'000; ++i) {
    auto bent = whole;
    for (int k = 0; k < 4; ++k) bent.at(random() % bent.size()) = static_cast<std::byte>(random());
    bent.resize(random() % (bent.size() + 1));
    decode_sock_diag(bent, kNetns, table);
  }
  for (const auto& c : table.connections) {
    EXPECT_LT(c.info().value_or(0), std::max<size_t>(table.infos.size(), 1));
  }
}

// A unix_diag_msg of inode 0x5566 with the attribute UNIX_DIAG_PEER of 0x7788.
std::vector<std::byte> unix_message() {
  return bytes_of(
      "01010100"
      "66550000"
      "0100000000000000"
      "08000200"
      "88770000");
}

TEST(UnixDiag, ReadsAPair) {
  EXPECT_EQ(decode_unix_diag(unix_message()), (UnixPair{.inode = 0x5566, .peer = 0x7788}));
}

TEST(UnixDiag, EveryCutIsRefused) {
  const auto whole = unix_message();
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(decode_unix_diag(std::span(whole).first(size)), std::nullopt) << size;
  }
}

TEST(UnixDiag, BentBytesNeverReadPastTheirEnd) {
  std::mt19937 random(20260102);
  const auto whole = unix_message();
  int read = 0;
  for (int i = 0; i < 50'000; ++i) {
    auto bent = whole;
    for (int k = 0; k < 4; ++k) bent.at(random() % bent.size()) = static_cast<std::byte>(random());
    bent.resize(random() % (bent.size() + 1));
    read += decode_unix_diag(bent) ? 1 : 0;
  }
  EXPECT_GT(read, 0);
}

TEST(SockDiag, KnowsEveryStateOfTheKernel) {
  EXPECT_EQ(state_of_linux(1), State::Established);
  EXPECT_EQ(state_of_linux(8), State::CloseWait);
  EXPECT_EQ(state_of_linux(12), State::SynReceived);  // NEW_SYN_RECV
  EXPECT_EQ(state_of_linux(0), std::nullopt);
  EXPECT_EQ(state_of_linux(13), std::nullopt);  // BOUND_INACTIVE: no connection
}

constexpr std::string_view kRow =
    "   1: 0100007F:95E5 0100007F:BA0A 08 00000000:000000C9 00:00000000 00000000     0        0 0 1 "
    "0000000000000000 20 4 0 10 -1";

TEST(ProcNetTcp, ReadsARow) {
  SocketTable table;
  ASSERT_TRUE(decode_proc_net_tcp(kRow, kNetns, table));
  const auto& c = table.connections.at(0);
  EXPECT_EQ(c.state, State::CloseWait);
  EXPECT_EQ(text(c.local), "127.0.0.1:38373");
  EXPECT_EQ(text(c.remote), "127.0.0.1:47626");
  EXPECT_EQ(c.recv_q(), 201U);
  EXPECT_EQ(c.inode(), 0U);
  EXPECT_EQ(c.cookie(), std::nullopt);
}

TEST(ProcNetTcp, TimersAreHundredthsOfASecond) {
  SocketTable table;
  ASSERT_TRUE(decode_proc_net_tcp(
      "  18: 0100007F:95E5 0100007F:BA0A 06 00000000:00000000 03:00000F98 00000000     0        0 0 3 0",
      kNetns, table));
  EXPECT_EQ(table.connections.at(0).timer(),
            (Timer{.kind = TimerKind::TimeWait, .retransmits = 0, .expires_in = Milliseconds(39'920)}));
}

TEST(ProcNetTcp, AListenerDoesNotTellTheLimitOfItsQueue) {
  SocketTable table;
  ASSERT_TRUE(
      decode_proc_net_tcp("   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 "
                          "0A 00000000:00000003 "
                          "00:00000000 00000000 0 0 1061 1 0",
                          kNetns, table));
  EXPECT_EQ(text(table.connections.at(0).local), "[::]:80");
  EXPECT_EQ(table.connections.at(0).recv_q(), 3U);
  EXPECT_EQ(table.connections.at(0).send_q(), std::nullopt);
}

TEST(ProcNetTcp, AMappedAddressIsIpv4) {
  SocketTable table;
  ASSERT_TRUE(
      decode_proc_net_tcp("   0: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:AD4A "
                          "01 00000000:00000000 "
                          "00:00000000 00000000 0 0 1061 1 0",
                          kNetns, table));
  EXPECT_EQ(text(table.connections.at(0).remote), "127.0.0.1:44362");
}

TEST(ProcNetTcp, RefusesWhatIsNoRow) {
  SocketTable table;
  for (const auto* line :
       {"", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid",
        "   1: 0100007F:95E5 0100007F:BA0A 0F 0:0 00:0 0 0 0 0 1", "1 2 3 4 5 6 7 8 9 10"}) {
    EXPECT_FALSE(decode_proc_net_tcp(line, kNetns, table)) << line;
  }
  EXPECT_TRUE(table.connections.empty());
}

TEST(ProcNetTcp, BentLinesAreRefusedOrRead) {
  std::mt19937 random(4711);
  SocketTable table;
  for (int i = 0; i < 50'000; ++i) {
    std::string bent(kRow);
    for (int k = 0; k < 3; ++k) bent.at(random() % bent.size()) = static_cast<char>(random());
    decode_proc_net_tcp(std::string_view(bent).substr(0, random() % (bent.size() + 1)), kNetns, table);
  }
  SUCCEED();
}

TEST(Stat, ANameMayHoldAnything) {
  const auto s = decode_stat(
      "42 (a) S 1 (b\n) T 7 42 42 0 -1 4194560 83 0 0 0 1 2 3 4 20 0 1 0 48151623 1 2 18446744073709551615");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->name, "a) S 1 (b\n");
  EXPECT_EQ(s->state, RunState::Stopped);
  EXPECT_EQ(s->start_ticks, 48151623U);
  EXPECT_FALSE(s->is_kernel_thread);
}

TEST(Stat, TellsAKernelThread) {
  const auto s = decode_stat("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0");
  ASSERT_TRUE(s);
  EXPECT_TRUE(s->is_kernel_thread);
}

TEST(Stat, RefusesWhatIsCut) {
  for (const auto* text : {"", "42", "42 (x", "42 )x( S", "42 (x) S 1 2 3",
                           "42 (x) ? 7 42 42 0 -1 4194560 83 0 0 0 1 2 3 4 20 0 1 0 5"}) {
    EXPECT_FALSE(decode_stat(text)) << text;
  }
}

TEST(Limits, SoftLimitOfDescriptors) {
  const std::string head = "Limit                     Soft Limit           Hard Limit           Units     \n";
  const auto usual =
      decode_descriptor_limit(head + "Max open files            1024                 524288      files\n");
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->soft, 1024U);
  const auto unlimited =
      decode_descriptor_limit("Max open files            unlimited            unlimited   files\n");
  ASSERT_TRUE(unlimited);
  EXPECT_EQ(unlimited->soft, std::nullopt);
  EXPECT_FALSE(decode_descriptor_limit(head));
}

TEST(Cgroup, UnitAndContainer) {
  const auto service = decode_cgroup("0::/system.slice/payments.service\n");
  EXPECT_EQ(service.unit, "payments.service");
  EXPECT_EQ(service.container, "");
  EXPECT_EQ(service.v2_path, "/system.slice/payments.service");
  const std::string digits(64, 'a');
  EXPECT_EQ(decode_cgroup("0::/system.slice/docker-" + digits + ".scope\n").container, std::string(12, 'a'));
  EXPECT_EQ(decode_cgroup("9:freezer:/docker/" + digits + "\n").freezer_path, "/docker/" + digits);
  EXPECT_EQ(decode_cgroup("nonsense").unit, "");
}

TEST(SystemCall, KindsAndDescriptors) {
  EXPECT_EQ(decode_system_call("running\n"), (SystemCall{.call = Call::None, .fd = {}}));
  EXPECT_EQ(decode_system_call("-1 0x7ffd 0x7f\n"), (SystemCall{.call = Call::Other, .fd = {}}));
#ifdef __x86_64__
  EXPECT_EQ(decode_system_call("232 0x5 0x7f 0x200 0xffffffff 0 0 0x7ffd 0x7f\n"),
            (SystemCall{.call = Call::Epoll, .fd = 5}));
  EXPECT_EQ(decode_system_call("288 0x3 0 0 0 0 0 0x7ffd 0x7f"), (SystemCall{.call = Call::Accept, .fd = 3}));
  EXPECT_EQ(decode_system_call("202 0x7f 0x80 0 0 0 0 0x7ffd 0x7f"),
            (SystemCall{.call = Call::Futex, .fd = {}}));
  // FUTEX_WAIT_PRIVATE for 2: a mutex; FUTEX_WAIT_BITSET: a condition variable.
  EXPECT_EQ(decode_system_call("202 0x7f10 0x80 0x2 0 0 0 0x7ffd 0x7f"),
            (SystemCall{.call = Call::Futex, .fd = {}, .futex = Futex{.address = 0x7f10}}));
  EXPECT_EQ(decode_system_call("202 0x7f10 0x86 0x1 0 0 0 0x7ffd 0x7f"),
            (SystemCall{.call = Call::Futex, .fd = {}, .futex = Futex{.address = 0x7f10, .is_pi = true}}));
  EXPECT_EQ(decode_system_call("202 0x7f10 0x189 0x2 0 0 0 0x7ffd 0x7f"),
            (SystemCall{.call = Call::Futex, .fd = {}}));
#endif
  EXPECT_EQ(decode_system_call(""), std::nullopt);
  EXPECT_EQ(decode_system_call("x"), std::nullopt);
}

TEST(Mutex, NamesItsOwnerOnlyWhereItIsWaitedFor) {
  const auto mutex = [](uint32_t word, uint32_t owner, bool is_pi = false) {
    const std::array<uint32_t, 4> words{word, 0, owner, 1};
    return decode_mutex(std::as_bytes(std::span(words)), is_pi);
  };
  EXPECT_EQ(mutex(2, 4711), Tid{4711});
  EXPECT_EQ(mutex(1, 4711), std::nullopt);
  EXPECT_EQ(mutex(2, 0), std::nullopt);
  EXPECT_EQ(mutex(0x80000000U | 4711U, 0, true), Tid{4711});
  EXPECT_EQ(mutex(0, 4711, true), std::nullopt);
  EXPECT_EQ(decode_mutex({}, false), std::nullopt);
}

TEST(Locks, WhoWaitsStandsBehindWhoHasIt) {
  const auto* text =
      "1: POSIX  ADVISORY  WRITE 100 00:1b:77 0 EOF\n"
      "1: -> POSIX  ADVISORY  WRITE 200 00:1b:77 0 EOF\n"
      "1: -> POSIX  ADVISORY  WRITE 201 00:1b:77 0 EOF\n"
      "2: OFDLCK ADVISORY  WRITE -1 00:1b:78 0 EOF\n"
      "2: -> OFDLCK ADVISORY  WRITE -1 00:1b:78 0 EOF\n"
      "3: FLOCK  ADVISORY  WRITE 102 00:1b:79 0 EOF\n";
  EXPECT_THAT(decode_locks(text),
              ::testing::ElementsAre(LockWait{Pid{200}, Pid{100}}, LockWait{Pid{201}, Pid{100}}));
  EXPECT_THAT(decode_locks("1: ->\n->\n\n1:\n"), ::testing::IsEmpty());
}

TEST(SmallTexts, AreReadOrRefused) {
  EXPECT_EQ(decode_cpu_time("746975 74974 1\n"), std::chrono::nanoseconds(746975));
  EXPECT_EQ(decode_cpu_time(""), std::nullopt);
  EXPECT_EQ(decode_inode_link("socket:[4711]", "socket"), 4711U);
  EXPECT_EQ(decode_inode_link("socket:[4711]", "pipe"), std::nullopt);
  EXPECT_EQ(decode_inode_link("socket:[]", "socket"), std::nullopt);
  EXPECT_EQ(decode_inode_link("/tmp/socket:[4711]", "socket"), std::nullopt);
}

}  // namespace
}  // namespace whywait::live
