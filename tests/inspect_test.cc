// `whywait inspect`, end to end, on a real process that reads a real connection.
#include "harness.h"
#include "lab/private_network.h"
#include "lab/sockets.h"

#include <sstream>

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace whywait::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

constexpr uint16_t kPort = 7777;

template <class F>
pid_t beside(const std::string& name, const F& body) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_NAME, name.c_str());
  alarm(60);
  body(parent);
  _exit(0);
}

// A server of this name that reads from one client, in a namespace of its own. What stands for its pid and
// for its client's address in the arguments is put in.
How beside_server(const std::string& name, Arguments& arguments) {
  return {.before = [name, &arguments] {
    lab::enter_private_network();
    const int listener = listen_on(kPort);
    const pid_t client = beside("client", [&](pid_t parent) {
      close(listener);
      const auto connection = lab::connect_to(kPort);
      // A parent that has become an ordinary user may send no signal when it dies.
      while (getppid() == parent) usleep(50'000);
    });
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const int connection = accept4(listener, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC);
    if (client < 0 || connection < 0) _exit(99);
    const pid_t server = beside(name, [&](pid_t) { lab::receive(connection); });  // ends with the client
    close(listener);
    close(connection);
    usleep(100'000);  // until it reads
    for (auto& a : arguments) {
      if (a == "SERVER") a = std::to_string(server);
      if (a == "CLIENT") a = "127.0.0.1:" + std::to_string(ntohs(peer.sin_port));
    }
  }};
}

class Inspect : public ::testing::Test {
 protected:
  void SetUp() override { NEEDS_PRIVATE_NETWORK(); }
};

Result inspect(Arguments arguments, const std::string& name = "server", const How& more = {}) {
  auto how = beside_server(name, arguments);
  how.as_nobody = more.as_nobody;
  how.terminal_columns = more.terminal_columns;
  how.environment = more.environment;
  arguments.insert(arguments.begin(), "inspect");
  return whywait(arguments, how);
}

TEST_F(Inspect, AProcess) {
  const auto r = inspect({"SERVER"});
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.err, IsEmpty());
  EXPECT_THAT(r.out, AllOf(StartsWith("PROCESS    server (pid "), HasSubstr("[/proc/PID]"),
                           HasSubstr("descriptors open"), HasSubstr("1 sleeping in recv() or read()"),
                           HasSubstr("2 TCP sockets: 1 LISTEN, 1 ESTABLISHED"),
                           HasSubstr("on :7777: 1 ESTABLISHED; from 127.0.0.1 (1)"),
                           HasSubstr("1 ESTABLISHED here, ESTABLISHED there, held by client (pid "),
                           HasSubstr("VERDICT    no fault found"), HasSubstr("NEXT ")));
}

TEST_F(Inspect, AProcessAsJson) {
  for (const auto* way : {"--json", "--no-bpf", "--no-netlink"}) {
    const auto r = inspect({"SERVER", "--json", way});
    EXPECT_EQ(r.status, 0);
    const auto j = Json::parse(r.out);
    EXPECT_EQ(j.at("schema"), "whywait.portrait/1");
    EXPECT_EQ(j.at("sockets").at("count"), 2);
    const auto& threads = j.at("processes").at(0).at("threads").at("groups");
    ASSERT_EQ(threads.size(), 1U);
    EXPECT_EQ(threads.at(0).at("call"), "receive");
    EXPECT_EQ(threads.at(0).at("waits_on"), "socket");
    EXPECT_EQ(threads.at(0).at("connection").at("local").at("port"), kPort);
    EXPECT_EQ(j.at("other_ends").at("on_this_host").at(0).at("holders").at(0).at("name"), "client");
  }
}

TEST_F(Inspect, APort) {
  const auto r = inspect({":7777"});
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.out, AllOf(StartsWith("PORT       :7777: 3 TCP sockets: 1 LISTEN, 2 ESTABLISHED"),
                           HasSubstr("LISTENERS  127.0.0.1:7777: accept queue 0 of 8; held by server["),
                           HasSubstr("PROCESS    server (pid "), HasSubstr("PROCESS    client (pid ")));
}

TEST_F(Inspect, AConnectionFromEitherEnd) {
  for (const auto& ends : {Arguments{"127.0.0.1:7777", "CLIENT"}, Arguments{"CLIENT", "127.0.0.1:7777"},
                           Arguments{"CLIENT", "[::ffff:127.0.0.1]:7777"}}) {
    const auto r = inspect(ends);
    EXPECT_EQ(r.status, 0) << r.err;
    EXPECT_THAT(r.out, AllOf(StartsWith("CONNECTION 127.0.0.1:"), HasSubstr("held by server["),
                             HasSubstr("held by client["), HasSubstr("Recv-Q 0, Send-Q 0")));
  }
}

TEST_F(Inspect, AHostileNameIsHarmless) {
  const auto r = inspect({"SERVER"}, "\033[2Ja\nb\xff\r) S 1");
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.out, AllOf(Not(HasSubstr("\033")), HasSubstr("\\x1b[2Ja\\x0ab\\xff\\x0d) S")));
}

TEST_F(Inspect, NeverWiderThanTheTerminal) {
  for (const unsigned columns : {40U, 80U}) {
    for (const auto& target :
         {Arguments{"SERVER"}, Arguments{":7777"}, Arguments{"127.0.0.1:7777", "CLIENT"}}) {
      const auto r = inspect(target, "server",
                             {.environment = {"TERM=xterm", "NO_COLOR=1"}, .terminal_columns = columns});
      EXPECT_EQ(r.status, 0);
      std::istringstream lines(r.out);
      for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        EXPECT_LE(line.size(), columns) << line;
      }
    }
  }
}

TEST_F(Inspect, AsAnOrdinaryUserSaysWhatIsMissing) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become an ordinary user";
  const auto r = inspect({"SERVER"}, "server", {.as_nobody = true});
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.out,
              AllOf(StartsWith("PROCESS    server (pid "),
                    HasSubstr("SOCKETS    cannot tell, because it needs root"), HasSubstr("NOT SEEN")));
  const auto port = inspect({":7777"}, "server", {.as_nobody = true});
  EXPECT_EQ(port.status, 0);
  EXPECT_THAT(port.out, HasSubstr("1 LISTEN, 2 ESTABLISHED"));
}

TEST(InspectErrors, SayWhatAndWhatToDo) {
  const auto process = whywait({"inspect", "4194303"});
  EXPECT_EQ(process.status, 1);
  EXPECT_THAT(process.err, HasSubstr("there is no process 4194303"));
  const auto ends = whywait({"inspect", "[2001:db8::1]:1-[2001:db8::2]:2"});
  EXPECT_EQ(ends.status, 1);
  EXPECT_THAT(ends.err, HasSubstr("no connection joins [2001:db8::1]:1 and [2001:db8::2]:2"));
  for (const auto& r : {process, ends}) {
    EXPECT_THAT(r.out, IsEmpty());
    EXPECT_THAT(r.err, AllOf(StartsWith("whywait: "), HasSubstr("whywait list")));
  }
}

TEST_F(Inspect, APortThatNobodyUsesIsAnError) {
  const auto r = inspect({":7778"});
  EXPECT_EQ(r.status, 1);
  EXPECT_THAT(r.err, HasSubstr("no TCP socket has port 7778 at either end"));
}

TEST(InspectErrors, AMalformedTargetIsAUsageError) {
  for (const auto& target :
       {Arguments{}, Arguments{"nginx"}, Arguments{":0"}, Arguments{"10.0.0.1:80"},
        Arguments{"::1:80-::1:90"}, Arguments{"1", "2"}, Arguments{"1", "2", "3"}, Arguments{"\033[31m"}}) {
    auto arguments = target;
    arguments.insert(arguments.begin(), "inspect");
    const auto r = whywait(arguments);
    EXPECT_EQ(r.status, 2);
    EXPECT_THAT(r.out, IsEmpty());
    EXPECT_THAT(r.err, AllOf(StartsWith("whywait: "), Not(HasSubstr("\033"))));
  }
}

}  // namespace
}  // namespace whywait::testing
