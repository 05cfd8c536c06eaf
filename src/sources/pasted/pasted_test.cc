// Single dumps, as people paste them, and the account of their lines. What whole listings hold is in
// round_trip_test.
#include "sources/pasted/dump.h"
#include "testing/reading.h"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace whywait::pasted {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Dump read_text(std::string_view text, const Options& options = {.format = {}, .keep_skipped = true}) {
  return read(testing::reading(text), options);
}

// "10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT", and who holds it.
std::vector<std::string> rows(const Dump& dump) {
  std::vector<std::string> out;
  for (const auto& c : dump.facts.table.connections) {
    auto row = fmt::format("{} {} {}", text(c.local), text(c.remote), name(c.state));
    if (dump.facts.holders) {
      for (const auto& h : dump.facts.holders->of(c.inode().value_or(0))) {
        row += fmt::format(" {}[{}]", dump.facts.process(h.pid)->name, number(h.pid));
        if (h.fd >= 0) row += fmt::format("/{}", h.fd);
      }
    }
    out.push_back(row);
  }
  return out;
}

std::vector<std::string> skipped(const Dump& dump) {
  std::vector<std::string> out;
  for (const auto& s : dump.skipped) out.push_back(fmt::format("{}: {}", s.line, s.text));
  return out;
}

TEST(Pasted, EveryLineIsAccountedFor) {
  const auto dump = read_text(
      "kim@web-1:~$ netstat -an\n"                                                   // header lines
      "Active Internet connections (servers and established)\n"                      // header lines
      "Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"  // header lines
      "tcp        1      0 10.0.0.1:80             10.0.0.2:50000          CLOSE_WAIT\n"
      "tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN\n"
      "tcp        0      0 10.0.0.1:7              0.0.0.0:*               CLOSE\n"  // unconnected
      "udp        0      0 0.0.0.0:68              0.0.0.0:*\n"                      // other
      "tcp        1      0 nothing that is an end\n"                                 // skipped
      "see ticket 4711\n"                                                            // skipped
      "\n"
      "kim@web-1:~$ ss -tn state close-wait\n"                 // header lines
      "Recv-Q Send-Q Local Address:Port  Peer Address:Port\n"  // header lines
      "1      0      10.0.0.1:80         10.0.0.2:50000\n");   // repeated
  const auto& lines = *dump.facts.dump;
  EXPECT_THAT(rows(dump),
              UnorderedElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT", "0.0.0.0:80 0.0.0.0:0 LISTEN"));
  EXPECT_EQ(lines.rows, 2U);
  EXPECT_EQ(lines.repeated, 1U);
  EXPECT_EQ(lines.header_lines, 5U);
  EXPECT_EQ(lines.others, 1U);
  EXPECT_EQ(lines.unconnected, 1U);
  EXPECT_EQ(lines.skipped, 2U);
  EXPECT_THAT(skipped(dump),
              ElementsAre("8: tcp        1      0 nothing that is an end", "9: see ticket 4711"));
  EXPECT_EQ(dump.skipped[0].why, Why::Unclear);
  EXPECT_EQ(dump.skipped[1].why, Why::NotUnderstood);
  EXPECT_EQ(dump.facts.host, "web-1");
  EXPECT_FALSE(lines.cut_short);
  EXPECT_EQ(dump.further, 0U);
}

TEST(Pasted, OnlyTheFirstSkippedLineIsKeptUnlessAllAreWanted) {
  const auto dump = read_text("line 1\nline 2\nline 3\n", {.format = {}, .keep_skipped = false});
  EXPECT_EQ(dump.facts.dump->skipped, 3U);
  EXPECT_THAT(skipped(dump), ElementsAre("1: line 1"));
}

TEST(Pasted, OfNothing) {
  for (const auto* text : {"", "\n\n  \n", "hello, world\n", "Cannot open /proc/net/tcp\n"}) {
    const auto dump = read_text(text);
    EXPECT_TRUE(dump.has_nothing()) << text;
    EXPECT_TRUE(dump.facts.dump->rows == 0 && dump.skipped.empty()) << text;
  }
}

TEST(Pasted, OfJunk) {
  std::string junk;
  uint32_t state = 1;
  for (int i = 0; i < 200'000; ++i) junk += static_cast<char>((state = state * 1664525 + 1013904223) >> 24U);
  const auto dump = read_text(junk);
  EXPECT_TRUE(dump.has_nothing());
  EXPECT_TRUE(std::any_of(dump.skipped.begin(), dump.skipped.end(),
                          [](const Skipped& s) { return s.why == Why::Binary; }));
}

TEST(Pasted, OneHugeLine) {
  const auto dump =
      read_text(std::string(3 * Lines::kLongest, '1') + "\ntcp 0 0 10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT\n");
  EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT"));
  ASSERT_EQ(dump.skipped.size(), 1U);
  EXPECT_EQ(dump.skipped[0].why, Why::TooLong);
  EXPECT_EQ(dump.skipped[0].text.size(), Skipped::kKept);
}

TEST(Pasted, ManyConnectionsOnOneLine) {
  std::string json = "[";
  for (int i = 0; i < 1000; ++i) {
    json += fmt::format(
        "{}{{\"LocalAddress\":\"10.0.0.1\",\"LocalPort\":{},\"RemoteAddress\":\"10.0.0.2\","
        "\"RemotePort\":443,\"State\":{},\"OwningProcess\":7}}",
        i == 0 ? "" : ",", i + 1, i % 10 == 0 ? 100 : 8);
  }
  const auto dump = read_text(json + "]");
  EXPECT_EQ(dump.facts.dump->rows, 900U);
  EXPECT_EQ(dump.facts.dump->unconnected, 100U);  // Bound
  EXPECT_EQ(dump.further, 999U);
}

TEST(Pasted, MillionsOfLinesOfJunkAreNotReadToTheirEnd) {
  uint64_t given = 0;
  const auto dump = read(
      [&](std::span<char> room) {
        for (size_t i = 0; i < room.size(); ++i) room[i] = i % 2 == 0 ? '1' : '\n';
        given += room.size();
        return room.size();
      },
      {});
  EXPECT_TRUE(dump.has_nothing());
  EXPECT_TRUE(dump.facts.dump->cut_short);
  EXPECT_LT(given, 4'000'000U);
  ASSERT_EQ(dump.facts.gaps.size(), 1U);
  EXPECT_EQ(dump.facts.gaps[0].what, Gap::What::Rows);
}

TEST(Pasted, TheCommandSaysWhichStateItsRowsHave) {
  for (const auto* command : {"ss -tn state close-wait", "$ ss -tn state close-wait",
                              "root@web-1:~# ss -tnp state CLOSE-WAIT '( sport = :80 )'",
                              "[root@web-1 ~]# ss -o state close-wait", "sudo ss -tan state close-wait"}) {
    const auto dump =
        read_text(fmt::format("{}\nRecv-Q Send-Q Local Address:Port  Peer Address:Port\n"
                              "1 0 10.0.0.1:80 10.0.0.2:50000\n",
                              command));
    EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT")) << command;
  }
  // Two of them, and one that leaves it open.
  const auto dump = read_text(
      "$ ss -tn state close-wait\nRecv-Q Send-Q Local Address:Port  Peer Address:Port\n1 0 10.0.0.1:80 "
      "10.0.0.2:50000\n"
      "$ ss -tn state fin-wait-2\nRecv-Q Send-Q Local Address:Port  Peer Address:Port\n0 0 10.0.0.1:81 "
      "10.0.0.2:50001\n"
      "$ ss -tn state connected\nRecv-Q Send-Q Local Address:Port  Peer Address:Port\n0 0 10.0.0.1:82 "
      "10.0.0.2:50002\n");
  EXPECT_THAT(rows(dump),
              ElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT", "10.0.0.1:81 10.0.0.2:50001 FIN_WAIT_2",
                          "10.0.0.1:82 10.0.0.2:50002 UNKNOWN"));
}

TEST(Pasted, WhatAFirewallTracksIsNoSocket) {
  const auto dump = read_text(
      "tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=51234 dport=443 src=10.0.0.2 "
      "dst=10.0.0.1 sport=443 dport=51234 [ASSURED] mark=0 use=1\n");
  EXPECT_TRUE(dump.has_nothing());
  EXPECT_EQ(dump.facts.dump->skipped, 1U);
}

// One tool after the other, without a prompt or a header in between.
TEST(Pasted, ToolsThatFollowEachOther) {
  const auto dump = read_text(
      "COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\n"
      "java 1234 www 101u IPv4 30001 0t0 TCP 10.0.0.1:80->10.0.0.9:50122 (CLOSE_WAIT)\n"
      "java 1234 www 9r REG 8,1 4096 12 /var/log/java.log\n"
      "\n"
      "CLOSE-WAIT 1 0 10.0.0.1:443 10.0.0.9:50200 users:((\"nginx\",pid=800,fd=3))\n"
      "tcp        1      0 10.0.0.1:80   10.0.0.9:50123   CLOSE_WAIT\n"
      "tcp        1      0 10.0.0.1:80   10.0.0.9:50122   CLOSE_WAIT\n");
  EXPECT_THAT(rows(dump), UnorderedElementsAre("10.0.0.1:80 10.0.0.9:50122 CLOSE_WAIT java[1234]/101",
                                               "10.0.0.1:443 10.0.0.9:50200 CLOSE_WAIT nginx[800]/3",
                                               "10.0.0.1:80 10.0.0.9:50123 CLOSE_WAIT"));
  EXPECT_EQ(dump.facts.dump->others, 1U);
  EXPECT_EQ(dump.facts.dump->repeated, 1U);
}

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

TEST(Pasted, RowsThatWereWrappedBeforeTheirState) {
  const auto windows = read_text("  TCP    10.0.0.1:49714         10.0.0.2:443\nESTABLISHED     7778\n");
  EXPECT_THAT(rows(windows), ElementsAre("10.0.0.1:49714 10.0.0.2:443 ESTABLISHED [7778]"));
  const auto linux =
      read_text("tcp        0      0 10.0.0.1:80             10.0.0.2:50003\nCLOSE_WAIT 7/shop\n");
  EXPECT_THAT(rows(linux), ElementsAre("10.0.0.1:80 10.0.0.2:50003 CLOSE_WAIT shop[7]"));
  const auto cut =
      read_text("tcp        0      0 10.0.0.1:80             10.0.0.2:500\n03          CLOSE_WAIT\n");
  EXPECT_THAT(rows(cut), ElementsAre("10.0.0.1:80 10.0.0.2:50003 CLOSE_WAIT"));
  for (const auto* dump : {&windows, &linux, &cut}) EXPECT_TRUE(dump->facts.tally.empty());
}

TEST(Pasted, OfAWebPageTheTagsAreNothing) {
  const auto dump = read_text(
      "<table><tr><td>tcp</td><td>1</td><td>0</td><td>10.0.0.1:80</td><td>10.0.0.2:50000</td>"
      "<td class=\"state\">CLOSE_WAIT</td><td>812/shop</td></tr>\n"
      "<span style='color: red'>tcp 1 0 10.0.0.1:80 10.0.0.2:50001 CLOSE_WAIT 812/shop</span>\n");
  EXPECT_THAT(rows(dump), ElementsAre("10.0.0.1:80 10.0.0.2:50000 CLOSE_WAIT shop[812]",
                                      "10.0.0.1:80 10.0.0.2:50001 CLOSE_WAIT shop[812]"));
}

TEST(Pasted, OfTwoHostsOnlyTheFirst) {
  const std::string header = "State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n";
  const auto dump = read_text("[root@web-1 ~]# ss -tlnp\n" + header +
                              "LISTEN 0 128 0.0.0.0:80 0.0.0.0:* users:((\"nginx\",pid=800,fd=3))\n"
                              "[root@db-1 ~]# ss -tlnp\n" +
                              header +
                              "LISTEN 0 128 0.0.0.0:80 0.0.0.0:* users:((\"postgres\",pid=556,fd=3))\n"
                              "[root@web-1.example.org ~]# ss -tln\n" +
                              header + "LISTEN 0 128 0.0.0.0:81 0.0.0.0:*\n");
  EXPECT_THAT(rows(dump),
              ElementsAre("0.0.0.0:80 0.0.0.0:0 LISTEN nginx[800]/3", "0.0.0.0:81 0.0.0.0:0 LISTEN"));
  ASSERT_FALSE(dump.skipped.empty());
  for (const auto& s : dump.skipped) EXPECT_EQ(s.why, Why::OtherHost);
  // An address of mail is no prompt.
  EXPECT_THAT(read_text("Kim <kim@example.org> wrote:\nkim@example.org>\n[root@web-1 ~]# ss -tln\n" + header +
                        "LISTEN 0 128 0.0.0.0:80 0.0.0.0:*\n")
                  .skipped,
              IsEmpty());
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

TEST(Pasted, OfWindowsInOtherLanguages) {
  constexpr const char* kHeaders[] = {
      "Aktive Verbindungen\n\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\n",
      "Connexions actives\n\n  Proto  Adresse locale         Adresse distante       État             PID\n",
      "Conexiones activas\n\n  Proto  Dirección local     Dirección remota        Estado          PID\n",
      "Conexões ativas\n\n  Proto  Endereço local          Endereço externo        Estado           PID\n",
      "Активные подключения\n\n  Имя    Локальный адрес        Внешний адрес          Состояние        PID\n",
      "活动连接\n\n  协议  本地地址          外部地址        状态           PID\n",
      "활성 연결\n\n  프로토콜  로컬 주소           외부 주소              상태            PID\n",
  };
  for (const auto* header : kHeaders) {
    const auto dump =
        read_text(fmt::format("{}"
                              "  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       904\n"
                              "  TCP    10.0.0.1:49712         10.0.0.2:443           CLOSE_WAIT      5120\n"
                              "  TCP    10.0.0.1:49713         10.0.0.2:443           TIME_WAIT       0\n"
                              "  UDP    0.0.0.0:500            *:*                                    3144\n",
                              header));
    EXPECT_THAT(rows(dump), ElementsAre("0.0.0.0:135 0.0.0.0:0 LISTEN [904]",
                                        "10.0.0.1:49712 10.0.0.2:443 CLOSE_WAIT [5120]",
                                        "10.0.0.1:49713 10.0.0.2:443 TIME_WAIT"));
    EXPECT_THAT(skipped(dump), IsEmpty()) << header;
    EXPECT_EQ(dump.facts.system, System::Windows);
  }
}

TEST(Pasted, OfWindowsInGermanHoweverItsUmlautsFared) {
  for (const auto* word :
       {"ABHÖREN", "ABH\x99REN", "ABH\xd6REN", "ABH?REN", "ABHREN", "ABH\xef\xbf\xbdREN"}) {
    const auto dump =
        read_text(fmt::format("  TCP    0.0.0.0:135      0.0.0.0:0      {}        904\n"
                              "  TCP    10.0.0.1:49712   10.0.0.2:443   SCHLIESSEN_WARTEN 5120\n"
                              "  TCP    10.0.0.1:49713   10.0.0.2:443   HERGESTELLT     5120\n",
                              word));
    EXPECT_THAT(rows(dump), ElementsAre("0.0.0.0:135 0.0.0.0:0 LISTEN [904]",
                                        "10.0.0.1:49712 10.0.0.2:443 CLOSE_WAIT [5120]",
                                        "10.0.0.1:49713 10.0.0.2:443 ESTABLISHED [5120]"));
  }
  // In a language that nobody knows here, a listener is one by its remote end.
  EXPECT_THAT(rows(read_text("  TCP    0.0.0.0:135      0.0.0.0:0      ПРОСЛУШИВАНИЕ   904\n")),
              ElementsAre("0.0.0.0:135 0.0.0.0:0 LISTEN [904]"));
}

TEST(Pasted, OfNetToolsInOtherLanguages) {
  struct Row {
    const char* text;
    const char* what;
    TimerKind timer;
  };
  constexpr Row kRows[] = {
      {"tcp 0 0 10.0.0.1:80 10.0.0.2:5 VERBUNDEN 812/shop ein (2.50/1/0)", "ESTABLISHED shop[812]",
       TimerKind::Retransmit},
      {"tcp 0 0 10.0.0.1:80 10.0.0.2:5 VERBUNDEN 812/shop aus (0.00/0/0)", "ESTABLISHED shop[812]",
       TimerKind::None},
      {"tcp 0 0 10.0.0.1:80 10.0.0.2:5 POSLEDNÍ ACK - zapnut (2.50/1/0)", "LAST_ACK", TimerKind::Retransmit},
      {"tcp 0 0 10.0.0.1:80 10.0.0.2:5 SPOJENO 812/shop vyp (0.00/0/0)", "ESTABLISHED shop[812]",
       TimerKind::None},
      {"tcp 0 0 10.0.0.1:80 10.0.0.2:5 ESPERANDO_FECHAR 812/shop keepalive (2.50/0/1)",
       "CLOSE_WAIT shop[812]", TimerKind::KeepAlive},
      {"tcp 0 0 10.0.0.1:80 10.0.0.2:5 \xdaLTIMO_ACK - em (2.50/1/0)", "LAST_ACK", TimerKind::Retransmit},
      {"tcp 0 0 10.0.0.1:80 10.0.0.2:5 CLOSE_WAIT 812/shop eikäi ((0.00/0/0)", "CLOSE_WAIT shop[812]",
       TimerKind::None},
      {"tcp 0 0 10.0.0.1:80 10.0.0.2:5 TIME_WAIT - 時間待ち (2.50/0/0)", "TIME_WAIT", TimerKind::TimeWait},
  };
  for (const auto& row : kRows) {
    const auto dump = read_text(row.text);
    EXPECT_THAT(rows(dump), ElementsAre(fmt::format("10.0.0.1:80 10.0.0.2:5 {}", row.what))) << row.text;
    const auto timer = dump.facts.table.connections.front().timer();
    ASSERT_TRUE(timer) << row.text;
    EXPECT_EQ(timer->kind, row.timer) << row.text;
  }
  for (const auto* word : {"NASLOUCHÁ", "OUÇA", "OU\307A", "LYSSNAR", "ESCOLTA"}) {
    const auto dump = read_text(fmt::format("tcp 0 0 0.0.0.0:80 0.0.0.0:* {} 812/shop\n", word));
    EXPECT_THAT(rows(dump), ElementsAre("0.0.0.0:80 0.0.0.0:0 LISTEN shop[812]")) << word;
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

TEST(Pasted, AForcedFormatReadsNothingElse) {
  const auto text = "tcp 0 0 10.0.0.1:80 10.0.0.2:5 CLOSE_WAIT\nCLOSE-WAIT 1 0 10.0.0.1:80 10.0.0.2:6\n";
  EXPECT_THAT(rows(read_text(text, {.format = "ss", .keep_skipped = true})),
              ElementsAre("10.0.0.1:80 10.0.0.2:6 CLOSE_WAIT"));
  EXPECT_THAT(rows(read_text(text, {.format = "netstat", .keep_skipped = true})),
              ElementsAre("10.0.0.1:80 10.0.0.2:5 CLOSE_WAIT"));
  EXPECT_TRUE(is_format("ss"));
  EXPECT_FALSE(is_format("sss"));
  EXPECT_THAT(list_of_formats(), ::testing::HasSubstr("  lsof-fields         lsof -F\n"));
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
