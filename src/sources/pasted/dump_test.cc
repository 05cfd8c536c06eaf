// Dumps of every format, a few invented lines each: what is read of them, and what became of each line.
#include "sources/pasted/dump.h"

#include "core/holder_index.h"
#include "testing/reading.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

namespace whywait::pasted {
namespace {

ParsedDump dump_of(std::string_view text, const Options& options = {.format = {}, .keep_skipped = true}) {
  return read(testing::reading(text), options);
}

// "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 1/0 nginx[7]"; queues and holders where they are told.
std::string line_of(const ParsedDump& d, const Connection& c) {
  auto out = fmt::format("{} {} {}", name(c.state), whywait::text(c.local), whywait::text(c.remote));
  if (c.recv_q()) out += fmt::format(" {}/{}", *c.recv_q(), c.send_q().value_or(0));
  const auto index = index_of(d.facts.holders);
  for (const auto& h : index.of(c))
    out += fmt::format(" {}[{}]", d.facts.process(h.pid)->name, number(h.pid));
  return out;
}

std::string rows_of(std::string_view text) {
  const auto d = dump_of(text);
  std::vector<std::string> lines;
  for (const auto& c : d.facts.table.connections) lines.push_back(line_of(d, c));
  return fmt::format("{}", fmt::join(lines, "\n"));
}

constexpr std::string_view kOne = "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000";

struct Sample {
  std::string_view text;
  std::string_view rows;
};

TEST(Formats, OfEveryFormatIsRead) {
  const Sample samples[] = {
      {"tcp        1      0 10.0.0.1:80     10.0.0.2:5000    CLOSE_WAIT  33  4711  7/nginx: worker  "
       "keepalive (9.5/0/0)",
       "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 1/0 nginx: worker[7]"},
      {"tcp4       0      0 10.0.0.1.80            10.0.0.2.5000          CLOSE_WAIT",
       "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 0/0"},
      {"  TCP    10.0.0.1:80            10.0.0.2:5000          CLOSE_WAIT      7\n [nginx.exe]",
       "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 nginx.exe[7]"},
      {"  TCP    [::]:80   [::]:0   ABH\x99REN", "LISTEN [::]:80 [::]:0"},
      {"CLOSE-WAIT 1 0 [::ffff:10.0.0.1]:80 [::ffff:10.0.0.2]:5000 users:((\"a "
       "b\",pid=7,fd=3),(\"c\",pid=8,fd=3))",
       "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 1/0 a b[7] c[8]"},
      {"nginx 7 root 3u IPv4 4711 0t0 TCP 10.0.0.1:80->10.0.0.2:5000 (CLOSE_WAIT)",
       "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 nginx[7]"},
      {"p7\ncnginx\nf3\ntIPv4\nd0x1\nPTCP\nn10.0.0.1:80->10.0.0.2:5000\nTST=CLOSE_WAIT\nTQR=1",
       "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 1/0 nginx[7]"},
      {"0: 0100000A:0050 0200000A:1388 08 00000000:00000001 00:00000000 00000000 0 0 4711 1 0 20 4 30 10 -1",
       "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 1/0"},
      {"10.0.0.1.80   10.0.0.2.5000   49640  2 49640  1 CLOSE_WAIT",
       "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 1/2"},
      {"LocalAddress LocalPort RemoteAddress RemotePort State AppliedSetting OwningProcess\n"
       "------------ --------- ------------- ---------- ----- -------------- -------------\n"
       "10.0.0.1 80 10.0.0.2 5000 CloseWait Internet 7\n0.0.0.0 80 0.0.0.0 0 Bound 7",
       "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 [7]"},
      {"LocalAddress   : 10.0.0.1\nLocalPort      : 80\nRemoteAddress  : 10.0.0.2\nRemotePort     : 5000\n"
       "State          : CloseWait",
       kOne},
      {R"([{"LocalAddress":"10.0.0.1","LocalPort":80,"RemoteAddress":"10.0.0.2","RemotePort":5000,"State":8}])",
       kOne},
      {"\"LocalAddress\",\"LocalPort\",\"RemoteAddress\",\"RemotePort\",\"State\"\n"
       "\"10.0.0.1\",\"80\",\"10.0.0.2\",\"5000\",\"CloseWait\"",
       kOne},
      {"www nginx 7 3 tcp4 10.0.0.1:80 10.0.0.2:5000", "UNKNOWN 10.0.0.1:80 10.0.0.2:5000 nginx[7]"},
      {"7 nginx 3 s - rw---n-- 2 0 TCP 10.0.0.1:80 10.0.0.2:5000",
       "UNKNOWN 10.0.0.1:80 10.0.0.2:5000 nginx[7]"},
      {"www nginx 7 3* internet stream tcp 0x0 10.0.0.1:80 <-- 10.0.0.2:5000",
       "UNKNOWN 10.0.0.1:80 10.0.0.2:5000 nginx[7]"},
      {"Proto State Laddr Lport Faddr Fport SendQ RecvQ\nTCP CLOSE-WAIT 10.0.0.1 80 10.0.0.2 5000 0 1",
       "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 1/0"},
  };
  for (const auto& sample : samples) {
    EXPECT_EQ(rows_of(sample.text), sample.rows) << sample.text;
    EXPECT_TRUE(dump_of(sample.text).skipped.empty()) << sample.text;
  }
}

TEST(Formats, IsReadThroughWhatItCameIn) {
  const std::string row = "tcp        0      0 10.0.0.1:80     10.0.0.2:5000    CLOSE_WAIT";
  const std::string expected = std::string(kOne) + " 0/0";
  for (const auto& wrapped :
       {"> > " + row, "| " + row, "```\n" + row + "\r\n```", "\x1b[31m" + row + "\x1b[0m",
        "<pre>" + row + "</pre>", "root@pay:~# netstat -an\n" + row}) {
    EXPECT_EQ(rows_of(wrapped), expected) << wrapped;
  }
  std::string utf16 = "\xff\xfe";
  for (const char c : row) utf16 += {c, '\0'};
  EXPECT_EQ(rows_of(utf16), expected);
}

TEST(Formats, TellsWhatBecameOfEachLine) {
  const auto d = dump_of(
      "Active Internet connections\n"
      "tcp 0 0 10.0.0.1:80 10.0.0.2:5000 CLOSE_WAIT\n"
      "udp 0 0 0.0.0.0:53 0.0.0.0:*\n"
      "CLOSED is written 3 times\n"
      "tcp 0 0 nonsense more 1\n");
  EXPECT_EQ(d.facts.dump->rows, 1U);
  EXPECT_EQ(d.facts.dump->header_lines, 1U);
  EXPECT_EQ(d.facts.dump->others, 1U);
  EXPECT_EQ(d.facts.dump->skipped, 2U);
  ASSERT_EQ(d.skipped.size(), 2U);
  EXPECT_EQ(d.skipped[0].line, 4U);
  EXPECT_EQ(d.skipped[1].line, 5U);
}

TEST(Formats, OfTwoCommandsTellsEachSocketOnce) {
  const auto d = dump_of(
      "$ ss -tan\nCLOSE-WAIT 1 0 10.0.0.1:80 10.0.0.2:5000\n"
      "$ lsof -i\nnginx 7 root 3u IPv4 4711 0t0 TCP 10.0.0.1:80->10.0.0.2:5000 (CLOSE_WAIT)\n");
  ASSERT_EQ(d.facts.table.connections.size(), 1U);
  EXPECT_EQ(line_of(d, d.facts.table.connections[0]), "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 1/0 nginx[7]");
  EXPECT_EQ(d.facts.dump->repeated, 1U);
}

TEST(Formats, OfSocketsHeldTwiceTellsBothHolders) {
  EXPECT_EQ(rows_of("ruby 1 me 9u IPv4 0xcb1d 0t0 TCP *:4567 (LISTEN)\nruby 2 me 9u IPv4 0xcb1d 0t0 TCP "
                    "*:4567 (LISTEN)"),
            "LISTEN 0.0.0.0:4567 0.0.0.0:0 ruby[1] ruby[2]");
}

TEST(Formats, TakesTheStateOfTheFilterThatWasTyped) {
  EXPECT_EQ(rows_of("$ ss -tan state close-wait\nRecv-Q Send-Q Local Address:Port Peer Address:Port\n"
                    "1 0 10.0.0.1:80 10.0.0.2:5000\n"),
            "CLOSE_WAIT 10.0.0.1:80 10.0.0.2:5000 1/0");
}

TEST(Formats, KeepsNamesAndDoesNotInventNumbers) {
  EXPECT_EQ(rows_of("tcp 0 0 localhost.locald:nosuch 10.xx.xx.7:80 CLOSE_WAIT"),
            "CLOSE_WAIT localhost.locald:nosuch 10.xx.xx.7:80 0/0");
}

TEST(Formats, OfCountsHasNoRows) {
  const auto d = dump_of("  4812 CLOSE_WAIT\n    12 LISTEN\n");
  EXPECT_TRUE(d.facts.table.connections.empty());
  EXPECT_EQ(d.facts.tally.at(State::CloseWait), 4812U);
}

TEST(Formats, OfJunkHasNothing) {
  for (const std::string& junk : {std::string(), std::string("hello 1\n"), std::string(1000, '\0'),
                                  std::string(20 << 20, 'x'), std::string("\x1f\x8b\x08\x00", 4)}) {
    EXPECT_TRUE(dump_of(junk).has_nothing());
  }
}

TEST(Formats, OnlyLinuxCountsTheFinInRecvQ) {
  EXPECT_TRUE(dump_of("CLOSE-WAIT 1 0 10.0.0.1:80 10.0.0.2:5000").facts.fin_in_recv_q);
  EXPECT_FALSE(dump_of("tcp4 0 0 10.0.0.1.80 10.0.0.2.5000 CLOSE_WAIT").facts.fin_in_recv_q);
}

}  // namespace
}  // namespace whywait::pasted
