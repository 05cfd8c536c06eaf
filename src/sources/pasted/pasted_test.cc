// Single dumps, as people paste them, and the account of their lines. What single tools print is in
// tools_test, what whole listings hold in round_trip_test.
#include "sources/pasted/pasted_test.h"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace whywait::pasted {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

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

}  // namespace
}  // namespace whywait::pasted
