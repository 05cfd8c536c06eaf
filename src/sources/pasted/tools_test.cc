// What single tools say in a way of their own: in short dumps, whose rows are compared.
#include "sources/pasted/pasted_test.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace whywait::pasted {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(Pasted, AFurtherHolderIsToldOfWhoeverWasReadLast) {
  const std::string lsof =
      "java 1234 www 10{}u IPv4 3000{} 0t0 TCP 10.0.0.1:80->10.0.0.9:5012{} (CLOSE_WAIT)\n";
  const auto dump = read_text(
      fmt::format(fmt::runtime(lsof), 1, 1, 1) + "www nginx 800 7 tcp4 10.0.0.1:81 10.0.0.9:50200\n" +
      fmt::format(fmt::runtime(lsof), 2, 2, 2) + "www nginx 801 7 tcp4 10.0.0.1:81 10.0.0.9:50200\n");
  EXPECT_THAT(rows(dump),
              ::testing::Contains("10.0.0.1:81 10.0.0.9:50200 UNKNOWN nginx[800]/7 nginx[801]/7"));
  EXPECT_EQ(dump.facts.dump->rows, 3U);
  EXPECT_EQ(dump.facts.dump->repeated, 1U);
  EXPECT_EQ(dump.facts.dump->others, 0U);
}

TEST(Pasted, WhatIsOfNetstatIsNotOfTheSsBeforeIt) {
  const auto dump = read_text(
      "State Recv-Q Send-Q Local Address:Port Peer Address:Port\nESTAB 0 0 10.0.0.1:22 10.0.0.9:50122\n\n"
      "tcp        1      0 10.0.0.1:80   10.0.0.2:50000   CLOSE_WAIT\n"
      "tcp        1      0 10.0.0.1:80   10.0.0.2:50001   CLOSE_WAIT  812/shop\n");
  EXPECT_THAT(rows(dump),
              ElementsAre("10.0.0.1:22 10.0.0.9:50122 ESTABLISHED", "10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT",
                          "10.0.0.1:80 10.0.0.2:50001 CLOSE_WAIT shop[812]"));
}

TEST(Pasted, SsWithoutItsHeader) {
  EXPECT_THAT(rows(read_text("tcp 1 0 10.0.0.1:81 10.0.0.9:50122 users:((\"a\",pid=1,fd=3))\n")),
              ElementsAre("10.0.0.1:81 10.0.0.9:50122 UNKNOWN a[1]/3"));
  EXPECT_THAT(rows(read_text("$ ss -Htnp state close-wait\n"
                             "1 0 10.0.0.1:443 10.0.0.2:50001 users:((\"java\",pid=100,fd=20))\n")),
              ElementsAre("10.0.0.1:443 10.0.0.2:50001 CLOSE_WAIT java[100]/20"));
}

TEST(Pasted, SsNamesThreadsAndContexts) {
  EXPECT_THAT(
      rows(read_text("ESTAB 0 0 10.0.0.1:81 10.0.0.9:50122 "
                     "users:((\"a\",pid=1,tid=7,fd=3),(\"b\",pid=2,proc_ctx=u:r:t,fd=4,sock_ctx=u))\n")),
      ElementsAre("10.0.0.1:81 10.0.0.9:50122 ESTABLISHED a[1]/3 b[2]/4"));
}

TEST(Pasted, EndsOnALink) {
  EXPECT_THAT(rows(read_text("ESTAB 0 0 [fe80::1]%eth0:80 [fe80::2%eth0]:50001\n"
                             "LISTEN 0 128 *%virbr0:53 *:*\n")),
              ElementsAre("[fe80::1]:80 [fe80::2]:50001 ESTABLISHED", "[::]:53 [::]:0 LISTEN"));
}

TEST(Pasted, ASocketThatIsClosedIsNoConnection) {
  const auto dump = read_text(
      "$ ss -tan state closed\nRecv-Q Send-Q Local Address:Port Peer Address:Port\n"
      "0 0 0.0.0.0:22 0.0.0.0:*\n");
  EXPECT_THAT(rows(dump), IsEmpty());
  EXPECT_EQ(dump.facts.dump->unconnected, 1U);
}

TEST(Pasted, TheProgramOfTheOneAndThePidOfTheOther) {
  const auto dump = read_text(
      "C:\\>netstat -ano\n"
      "  Proto  Local Address    Foreign Address  State        PID\n"
      "  TCP    10.0.0.1:49712   10.0.0.2:443     CLOSE_WAIT   5120\n"
      "  TCP    10.0.0.1:49713   10.0.0.2:443     ESTABLISHED  7777\n"
      "C:\\>netstat -anb\n"
      "  Proto  Local Address    Foreign Address  State\n"
      "  TCP    10.0.0.1:49712   10.0.0.2:443     CLOSE_WAIT\n [chrome.exe]\n"
      "  TCP    10.0.0.1:49713   10.0.0.2:443     ESTABLISHED\n [outlook.exe]\n");
  EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:49712 10.0.0.2:443 CLOSE_WAIT chrome.exe[5120]",
                                      "10.0.0.1:49713 10.0.0.2:443 ESTABLISHED outlook.exe[7777]"));
  EXPECT_EQ(dump.facts.processes.size(), 2U);
}

TEST(Pasted, OneSocketOfSeveralProcesses) {
  const auto dump = read_text(
      "www nginx 800 7 tcp4 10.0.0.1:80 10.0.0.9:50122\nwww nginx 801 7 tcp4 10.0.0.1:80 10.0.0.9:50122\n"
      "$ netstat -an\ntcp4 5 0 10.0.0.1.80 10.0.0.9.50122 CLOSE_WAIT\n");
  EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:80 10.0.0.9:50122 CLOSE_WAIT nginx[800]/7 nginx[801]/7"));
  EXPECT_EQ(dump.facts.table.connections.front().recv_q(), 5U);
}

TEST(Pasted, SockstatHasMoreBeforeTheState) {
  EXPECT_THAT(rows(read_text("root sshd 900 7 tcp4 10.0.0.1:82 10.0.0.9:50122 661292 - CLOSE_WAIT cubic\n")),
              ElementsAre("10.0.0.1:82 10.0.0.9:50122 CLOSE_WAIT sshd[900]/7"));
}

TEST(Pasted, ObjectsWithinObjects) {
  constexpr const char* kOne =
      R"({"LocalAddress":"10.0.0.1","LocalPort":49712,"Process":{"Name":"x","State":1},"RemoteAddress":)"
      R"("10.0.0.2","RemotePort":443,"state":8,"OwningProcess":5120})";
  for (const auto* around : {"{}", "[{}]", R"({{"value":[{}],"Count":1}})"}) {
    const auto dump = read_text(fmt::format(fmt::runtime(around), kOne) + "\n");
    EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:49712 10.0.0.2:443 CLOSE_WAIT [5120]")) << around;
  }
}

TEST(Pasted, LsofTellsQueues) {
  const auto dump =
      read_text("java 7 www 9u IPv4 30001 0t0 TCP 10.0.0.1:80->10.0.0.9:50122 (CLOSE_WAIT QR=3 QS=0)\n");
  ASSERT_EQ(dump.facts.table.connections.size(), 1U);
  EXPECT_EQ(dump.facts.table.connections.front().recv_q(), 3U);
  EXPECT_EQ(dump.facts.table.connections.front().send_q(), 0U);
}

TEST(Pasted, FieldsOfLsofThatDoNotSayWhatTheyAreOf) {
  const auto dump = read_text("p1234\ncjava\nf101\nn10.0.0.1:8080->10.0.0.2:50000\n");
  EXPECT_THAT(rows(dump), IsEmpty());
  EXPECT_EQ(dump.facts.dump->skipped, 1U);
  const auto two = read_text(
      "p7\nPTCP\nn10.0.0.1:80->10.0.0.2:50000\nTST=CLOSE_WAIT\nTQR=1\nPTCP\n"
      "n10.0.0.1:80->10.0.0.2:50001\nTST=ESTABLISHED\n");
  EXPECT_THAT(rows(two), ElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT [7]",
                                     "10.0.0.1:80 10.0.0.2:50001 ESTABLISHED [7]"));
}

TEST(Pasted, GroupsOfPowerShell) {
  EXPECT_EQ(read_text("  812 CloseWait  {MSFT_NetTCPConnection (InstanceID = ...}\n")
                .facts.tally.at(State::CloseWait),
            812U);
}

TEST(Pasted, SocketsByTheirAddressInTheKernel) {
  EXPECT_THAT(rows(read_text(
                  "0xfffffd8012345678 tcp          0      0  10.0.0.1.22     10.0.0.2.5000   CLOSE_WAIT\n")),
              ElementsAre("10.0.0.1:22 10.0.0.2:5000 CLOSE_WAIT"));
}

// What lsof knows of a socket of which no table tells: a connection that is over, or was never made.
TEST(Pasted, SocketsOfLsofThatAreInNoTable) {
  for (const auto* name : {"protocol: TCP", "protocol: TCPv6", "can't identify protocol"}) {
    const auto row = fmt::format("java    1978 app  68u     sock   0,8   0t0  67200248 {}\n", name);
    const auto dump = read_text(row + row);
    EXPECT_EQ(dump.facts.dump->unconnected, 2U) << name;
    EXPECT_FALSE(dump.has_nothing());
  }
  EXPECT_EQ(read_text("java 1978 app 68u sock 0,8 0t0 67200248 protocol: UDP\n").facts.dump->unconnected, 0U);
}

// Of lsof, the first word of a row may be one that is typed as well.
TEST(Pasted, ProgramsThatAreCalledLikeCommands) {
  const auto dump = read_text(
      "COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\n"
      "sudo 812 root 9u IPv4 20911 0t0 TCP 10.0.0.1:80->10.0.0.2:50000 (CLOSE_WAIT)\n"
      "ss 813 root 9u IPv4 20912 0t0 TCP 10.0.0.1:80->10.0.0.2:50001 (CLOSE_WAIT)\n");
  EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT sudo[812]/9",
                                      "10.0.0.1:80 10.0.0.2:50001 CLOSE_WAIT ss[813]/9"));
}

TEST(Pasted, HoldersOfOneSocketStayTogether) {
  const auto dump = read_text(
      "COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\n"
      "shop 812 www 9u IPv4 20911 0t0 TCP 10.0.0.1:80->10.0.0.2:50000 (CLOSE_WAIT)\n"
      "shop 813 www 9u IPv4 20911 0t0 TCP 10.0.0.1:80->10.0.0.2:50000 (CLOSE_WAIT)\n"
      "shop 813 www 10u IPv4 20912 0t0 TCP 10.0.0.1:80->10.0.0.2:50001 (CLOSE_WAIT)\n");
  EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT shop[812]/9 shop[813]/9",
                                      "10.0.0.1:80 10.0.0.2:50001 CLOSE_WAIT shop[813]/10"));
  EXPECT_EQ(dump.facts.dump->repeated, 1U);
}

TEST(Pasted, WhatOneCommandDoesNotTellAnotherMay) {
  const auto dump = read_text(
      "$ lsof -nP -iTCP\nCOMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\n"
      "shop 812 www 9u IPv4 20911 0t0 TCP 10.0.0.1:80->10.0.0.2:50000 (ESTABLISHED)\n"
      "$ netstat -anpo\n"
      "tcp 1 0 10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT 812/shop keepalive (7.50/0/3)\n"
      "tcp 0 0 10.0.0.1:80 10.0.0.2:50001 TIME_WAIT - timewait (3.00/0/0)\n");
  EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT shop[812]/9",
                                      "10.0.0.1:80 10.0.0.2:50001 TIME_WAIT"));
  const auto& c = dump.facts.table.connections.front();
  EXPECT_EQ(c.printed_inode(), 20911U);
  EXPECT_EQ(c.recv_q(), 1U);
  EXPECT_EQ(c.timer(), (Timer{TimerKind::KeepAlive, 3, Milliseconds(7500)}));
}

// Listeners that share a port: each of the second list is one of the first.
TEST(Pasted, TwinsAreAsManyAsOneListHas) {
  const std::string list =
      "State Recv-Q Send-Q Local Address:Port Peer Address:Port\n"
      "LISTEN 0 128 0.0.0.0:80 0.0.0.0:* users:((\"a\",pid=1,fd=3))\n"
      "LISTEN 0 128 0.0.0.0:80 0.0.0.0:* users:((\"b\",pid=2,fd=3))\n";
  const auto dump = read_text("$ netstat -tln\ntcp 0 0 0.0.0.0:80 0.0.0.0:* LISTEN\n$ ss -tlnp\n" + list +
                              "$ ss -tlnp\n" + list);
  EXPECT_THAT(rows(dump), UnorderedElementsAre("0.0.0.0:80 0.0.0.0:0 LISTEN a[1]/3",
                                               "0.0.0.0:80 0.0.0.0:0 LISTEN b[2]/3"));
  EXPECT_EQ(dump.facts.dump->repeated, 3U);
}

TEST(Pasted, SocketsWithoutAnInodeHaveNoneToShow) {
  const auto dump = read_text("tcp 0 0 10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT 812/shop\n");
  EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT shop[812]"));
  EXPECT_FALSE(dump.facts.table.connections.front().printed_inode());
}

// An inode that a number might have been taken for stays what it is.
TEST(Pasted, InodesOfAnySizeAreTheirOwn) {
  for (const uint32_t inode : {1U, 2U, 4294967295U, 4294967294U}) {
    const auto dump = read_text(fmt::format(
        "$ netstat -anp\ntcp 0 0 10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT 812/shop\n"
        "$ lsof -nP -iTCP\nmail 99 www 9u IPv4 {} 0t0 TCP 10.0.0.1:25->10.0.0.2:50001 (CLOSE_WAIT)\n",
        inode));
    EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT shop[812]",
                                        "10.0.0.1:25 10.0.0.2:50001 CLOSE_WAIT mail[99]/9"))
        << inode;
  }
}

// Of an address that fills its column nobody knows whether it is whole.
TEST(Pasted, Ipv6ThatMayBeCutIsNobodysAddress) {
  const std::string header = "Proto Recv-Q Send-Q Local Address           Foreign Address         State\n";
  const std::string row = "tcp6 0 0 ::ffff:172.18.10.3:8080 2001:db8::1234:567:5100 CLOSE_WAIT\n";
  const auto dump = read_text(header + row);
  ASSERT_EQ(dump.facts.table.connections.size(), 1U);
  EXPECT_TRUE(dump.facts.table.connections.front().local.address.is_named());
  EXPECT_TRUE(dump.facts.table.connections.front().remote.address.is_named());
  // One that does not fit tells that none is cut.
  const auto wide =
      read_text(header + "tcp6 0 0 2001:db8:1:2:3:4:5:6:2222 2001:db8::1:5100 ESTABLISHED\n" + row);
  EXPECT_THAT(rows(wide), UnorderedElementsAre("[2001:db8:1:2:3:4:5:6]:2222 [2001:db8::1]:5100 ESTABLISHED",
                                               "172.18.10.3:8080 [2001:db8::1234:567]:5100 CLOSE_WAIT"));
}

// Recv-Q of one that listens is how many wait, where it is Linux; Send-Q is the limit where it is ss.
TEST(Pasted, QueuesOfAListener) {
  const auto queues = [](std::string_view row) {
    const auto dump = read_text(row);
    const auto& c = dump.facts.table.connections.front();
    return std::pair(c.recv_q(), c.send_q());
  };
  using Both = std::pair<std::optional<uint32_t>, std::optional<uint32_t>>;
  EXPECT_EQ(queues("tcp 3 0 0.0.0.0:80 0.0.0.0:* LISTEN\n"), (Both{3, std::nullopt}));
  EXPECT_EQ(queues("tcp4 0 0 *.80 *.* LISTEN\n"), (Both{std::nullopt, std::nullopt}));
  EXPECT_EQ(queues("LISTEN 3 128 0.0.0.0:80 0.0.0.0:*\n"), (Both{3, 128}));
}

TEST(Pasted, HistogramsAreCounts) {
  const auto dump = read_text(
      "    812 CLOSE_WAIT\n     12 LISTEN\n      1 established)\n      1 Foreign\n      3 CLOSE_WAIT\n");
  EXPECT_THAT(dump.facts.tally,
              UnorderedElementsAre(std::pair(State::CloseWait, 815), std::pair(State::Listen, 12)));
  EXPECT_FALSE(dump.has_nothing());
}

}  // namespace
}  // namespace whywait::pasted
