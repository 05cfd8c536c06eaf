// The command line end to end: arguments, streams, terminals, hostile names.
#include "harness.h"

#include <array>
#include <cerrno>
#include <cstddef>

#include <gmock/gmock.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace whywait::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

TEST(Cli, HelpAndVersionAreAnswers) {
  const auto help = whywait({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out,
              AllOf(HasSubstr("list"), HasSubstr("explain"), HasSubstr("lab"), HasSubstr("--json")));
  EXPECT_THAT(whywait({"list", "--help"}).out, HasSubstr("--state"));
  const auto version = whywait({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_THAT(version.out, StartsWith("whywait "));
}

TEST(Cli, WrongArgumentsAreUsageErrorsThatSayWhatToDo) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"--no-such-option"},
                                                                     {"no-such-command"},
                                                                     {"list", "--state", "WAITING"},
                                                                     {"list", "--port", "70000"},
                                                                     {"list", "--pid", "0"},
                                                                     {"list", "--pid", "x"},
                                                                     {"--look", "soon"},
                                                                     {"--look", "9999999999999999999s"},
                                                                     {"lab", "no-such-cause"},
                                                                     {"explain", "\033[31mred"}}) {
    const auto r = whywait(arguments);
    EXPECT_EQ(r.status, 2) << arguments.back();
    EXPECT_THAT(r.out, IsEmpty());
    EXPECT_THAT(r.err, AllOf(StartsWith("whywait: "), Not(HasSubstr("\033"))));
  }
}

TEST(Cli, QuietHostGetsThreeLines) {
  NEEDS_PRIVATE_NETWORK();
  auto how = beside_listener("quiet");
  how.as_nobody = geteuid() == 0;  // who sees this namespace only
  const auto r = whywait({}, how);
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.err, IsEmpty());
  const auto lines = lines_of(r.out);
  ASSERT_EQ(lines.size(), 3U) << r.out;
  EXPECT_THAT(lines[0], StartsWith("OK "));
  EXPECT_THAT(lines[1],
              AllOf(StartsWith("SEEN "), HasSubstr("1 TCP socket: 1 LISTEN"), HasSubstr("needs root")));
  EXPECT_THAT(lines[2], StartsWith("NEXT "));
}

TEST(Cli, ReportIsJson) {
  const auto r = whywait({"--json"});
  EXPECT_EQ(r.status, 0);
  const auto j = Json::parse(r.out);
  EXPECT_EQ(j.at("schema"), "whywait.report/2");
  for (const auto* key : {"host", "boot_id", "taken_at", "took_ms", "source", "status", "states", "findings",
                          "normal", "undecided", "not_seen"}) {
    EXPECT_TRUE(j.contains(key)) << key;
  }
}

TEST(Cli, ListIsJsonLines) {
  NEEDS_PRIVATE_NETWORK();
  const auto r = whywait({"list", "--json", "--port", "7777"}, beside_listener("seven"));
  const auto lines = lines_of(r.out);
  ASSERT_EQ(lines.size(), 1U);
  const auto j = Json::parse(lines[0]);
  EXPECT_EQ(j.at("state"), "LISTEN");
  EXPECT_EQ(j.at("local").at("address"), "127.0.0.1");
  EXPECT_EQ(j.at("local").at("port"), 7777);
  EXPECT_EQ(j.at("send_q"), 8);
  ASSERT_EQ(j.at("holders").size(), 1U);
  EXPECT_EQ(j.at("holders")[0].at("name"), "seven");
  EXPECT_TRUE(j.at("no_owner_because").is_null());
}

TEST(Cli, ListWithoutNetlinkSaysWhatIsMissing) {
  NEEDS_PRIVATE_NETWORK();
  const auto r = whywait({"list", "--no-netlink", "--port", "7777"}, beside_listener("seven"));
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.out, AllOf(HasSubstr("LISTEN"), HasSubstr("127.0.0.1:7777"), HasSubstr("seven[")));
  EXPECT_THAT(r.err, HasSubstr("--no-netlink"));
}

// From here on socket(AF_NETLINK, …) fails, as in a container with a strict filter.
void refuse_netlink() {
  constexpr auto kFamily = offsetof(seccomp_data, args);  // the low half, on a little-endian machine
  std::array<sock_filter, 6> filter = {{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kFamily),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog program{.len = filter.size(), .filter = filter.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    _exit(98);
  }
}

TEST(Cli, WhereSockDiagIsRefusedProcNetTcpIsRead) {
  NEEDS_PRIVATE_NETWORK();
  auto how = beside_listener("seven");
  how.before = [inner = how.before] {
    inner();
    refuse_netlink();
  };
  const auto r = whywait({"list", "--port", "7777", "--no-bpf"}, how);
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.out, AllOf(HasSubstr("LISTEN"), HasSubstr("127.0.0.1:7777"), HasSubstr("seven[")));
  EXPECT_THAT(r.err, AllOf(HasSubstr("NOT SEEN"), HasSubstr("Operation not permitted"),
                           HasSubstr("NETLINK_SOCK_DIAG")));
}

TEST(Cli, ListSelects) {
  NEEDS_PRIVATE_NETWORK();
  EXPECT_THAT(whywait({"list", "--state", "close-wait", "--port", "7777"}, beside_listener("x")).out,
              Not(HasSubstr("7777")));
  EXPECT_THAT(whywait({"list", "--state", "LISTENING", "--port", "7777"}, beside_listener("x")).out,
              HasSubstr("7777"));
}

TEST(Cli, ListOfAProcessThatIsNotThereIsAnError) {
  const auto r = whywait({"list", "--pid", "4194303"});
  EXPECT_EQ(r.status, 1);
  EXPECT_THAT(r.out, IsEmpty());
  EXPECT_THAT(r.err, HasSubstr("there is no process 4194303"));
}

TEST(Cli, ExplainKnowsEveryDialect) {
  for (const auto* word : {"CLOSE_WAIT", "close-wait", "CloseWait", "Close_Wait"}) {
    const auto r = whywait({"explain", word});
    EXPECT_EQ(r.status, 0);
    EXPECT_THAT(r.out, HasSubstr("no timer"));
  }
  EXPECT_EQ(Json::parse(whywait({"explain", "not-read", "--json"}).out).at("cause"), "not-read");
}

TEST(Streams, ClosedPipeEndsItWithoutNoise) {
  for (const auto* command : {"explain", "list"}) {
    const auto r = whywait({command}, {.stdout_closed_early = true});
    EXPECT_EQ(r.status, 1);
    EXPECT_THAT(r.err, IsEmpty());
  }
}

TEST(Streams, FullDiskIsAClearError) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{}, {"--json"}, {"list"}, {"explain"}, {"lab"}, {"--help"}}) {
    const auto r = whywait(arguments, {.stdout_file = "/dev/full"});
    EXPECT_EQ(r.status, 1);
    EXPECT_THAT(r.err, HasSubstr("No space left on device"));
  }
}

TEST(Terminal, NeverWiderThanItIs) {
  NEEDS_PRIVATE_NETWORK();
  for (const unsigned columns : {40U, 80U, 200U}) {
    auto how = beside_listener("seven");
    how.terminal_columns = columns;
    how.environment = {"TERM=xterm", "NO_COLOR=1"};
    for (const auto& arguments :
         std::vector<std::vector<std::string>>{{}, {"list", "--port", "7777"}, {"explain", "CLOSE_WAIT"}}) {
      const auto r = whywait(arguments, how);
      EXPECT_EQ(r.status, 0);
      // A command is never parted: pasted, it would be another one.
      for (const auto& line : lines_of(r.out)) {
        if (line.find("whywait ") != std::string::npos) continue;
        EXPECT_LE(line.size(), columns) << line;
      }
    }
  }
}

TEST(Terminal, ColoursOnlyThereAndObeysNoColor) {
  const How plain{.environment = {"TERM=xterm", "NO_COLOR="}};
  EXPECT_THAT(whywait({"explain", "LISTEN"}, plain).out, Not(HasSubstr("\033")));
  How terminal{.environment = {"TERM=xterm", "NO_COLOR="}, .terminal_columns = 80};
  EXPECT_THAT(whywait({"explain", "LISTEN"}, terminal).out, HasSubstr("\033["));
  terminal.environment = {"TERM=xterm", "NO_COLOR=1"};
  EXPECT_THAT(whywait({"explain", "LISTEN"}, terminal).out, Not(HasSubstr("\033")));
  terminal.environment = {"TERM=dumb", "NO_COLOR="};
  EXPECT_THAT(whywait({"explain", "LISTEN"}, terminal).out, Not(HasSubstr("\033")));
}

TEST(HostileName, IsShownHarmlessly) {
  NEEDS_PRIVATE_NETWORK();
  const auto r = whywait({"list", "--port", "7777"}, beside_listener("\033[2Ja\nb\xff\r) S 1"));
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.out, Not(HasSubstr("\033")));
  EXPECT_THAT(r.out, HasSubstr("\\x1b[2Ja\\x0ab\\xff\\x0d) S"));
  EXPECT_EQ(lines_of(r.out).size(), 2U);  // header and row
}

TEST(HostileName, StaysValidJson) {
  NEEDS_PRIVATE_NETWORK();
  const auto r = whywait({"list", "--json", "--port", "7777"}, beside_listener("\033[2Ja\nb\xff"));
  EXPECT_EQ(lines_of(r.out).size(), 1U);
  for (const char c : r.out) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
  EXPECT_EQ(Json::parse(r.out).at("holders")[0].at("name"), "\033[2Ja\nb\uFFFD");
}

TEST(OrdinaryUser, IsToldWhatIsMissing) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become an ordinary user";
  const auto r = whywait({"list", "--state", "LISTEN"}, {.as_nobody = true});
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.err, AllOf(HasSubstr("NOT SEEN"), HasSubstr("needs root")));
  EXPECT_EQ(whywait({}, {.as_nobody = true}).status, 0);
}

}  // namespace
}  // namespace whywait::testing
