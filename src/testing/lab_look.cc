#include "testing/lab_look.h"

#include "lab/child.h"
#include "lab/private_network.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::lab {

namespace fs = std::filesystem;

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool SocketLine::is_of(uint16_t port) const {
  const std::string end = fmt::format("0100007F:{:04X}", port);
  return local == end || remote == end;
}

std::vector<SocketLine> table_of(const std::string& pid) {
  std::istringstream table(read_file("/proc/" + pid + "/net/tcp"));
  std::vector<SocketLine> lines;
  std::set<std::string> known;  // a row may occur twice if the table changes while it is read
  std::string text;
  std::getline(table, text);
  while (std::getline(table, text)) {
    std::istringstream fields(text);
    SocketLine line;
    std::string skip;
    fields >> skip >> line.local >> line.remote >> line.state >> line.queues >> skip >> skip >> skip >>
        skip >> line.inode;
    if (known.insert(line.local + line.remote).second) lines.push_back(line);
  }
  return lines;
}

Status status_of(const std::string& pid) {
  std::string stat;
  try {
    stat = read_file("/proc/" + pid + "/stat");
  } catch (const std::ios_base::failure&) {
    return {};  // it has ended since it was listed
  }
  const auto open = stat.find('(');
  const auto close = stat.rfind(')');
  if (close == std::string::npos) return {};
  Status status{.name = stat.substr(open + 1, close - open - 1)};
  std::istringstream(stat.substr(close + 1)) >> status.state >> status.parent;
  return status;
}

std::vector<pid_t> descendants_of(pid_t parent) {
  std::vector<pid_t> descendants;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    pid_t pid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (parsed.ec != std::errc{} || status_of(name).parent != parent) continue;
    descendants.push_back(pid);
    const auto further = descendants_of(pid);
    descendants.insert(descendants.end(), further.begin(), further.end());
  }
  return descendants;
}

std::vector<std::string> descriptors_of(pid_t pid) {
  std::vector<std::string> targets;
  for (const auto& entry : fs::directory_iterator(fmt::format("/proc/{}/fd", pid))) {
    std::error_code error;
    const auto target = fs::read_symlink(entry.path(), error);
    // An actor with traffic opens and closes all the time; any other error is one.
    if (error == std::errc::no_such_file_or_directory) continue;
    if (error) throw fs::filesystem_error("read_symlink", entry.path(), error);
    targets.push_back(target);
  }
  return targets;
}

void LabTest::SetUp() {
  Pipe pipe = make_pipe();
  const pid_t probe = ::fork();
  if (probe == 0) {
    try {
      enter_private_network();
    } catch (const std::exception& e) {
      tell(pipe.in, {.number = 1, .trouble = e.what()});
    }
    ::_exit(0);
  }
  pipe.in = Fd();
  ::waitpid(probe, nullptr, 0);
  const auto refusal = hear(pipe.out, std::chrono::milliseconds{0});
  if (refusal) GTEST_SKIP() << refusal->trouble;
}

std::string test_name(Cause cause) {
  std::string name(id(cause));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string name_of_scenario(const testing::TestParamInfo<Scenario>& scenario) {
  return test_name(scenario.param.cause);
}

std::string name_of_variant(const testing::TestParamInfo<PlayedPart>& part) {
  const auto& [scenario, variant] = part.param;
  return test_name(scenario.cause) + (variant == Variant::Fault ? "_fault" : "_control");
}

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << id(scenario.cause); }

void PrintTo(Variant variant, std::ostream* out) {
  *out << (variant == Variant::Fault ? "fault" : "control");
}

namespace {

std::string observe(const std::function<tl::expected<int, std::string>(const Body&)>& play_it,
                    const Look& look) {
  const Pipe pipe = make_pipe();
  const auto played = play_it([&](const Scene& standing) {
    tell(pipe.in, {.number = 0, .trouble = look(standing)});
    return 7;
  });
  if (!played) return played.error();
  EXPECT_EQ(*played, 7);
  const auto message = hear(pipe.out, std::chrono::milliseconds{0});
  return message ? message->trouble : "nothing";
}

}  // namespace

std::string observe(const Scenario& scenario, Variant variant, const Look& look) {
  return observe([&](const Body& body) { return play(scenario, variant, body); }, look);
}

std::string observe(const Lookalike& lookalike, const Look& look) {
  return observe([&](const Body& body) { return play(lookalike, body); }, look);
}

}  // namespace whywait::lab
