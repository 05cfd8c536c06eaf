// `whywait save`, end to end: what it writes is read by the same code that --from takes.
#include "harness.h"
#include "sources/saved/saved.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

namespace whywait::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

tl::expected<Facts, std::string> read_saved(std::istream& in) {
  return saved::read([&](std::span<char> room) {
    in.read(room.data(), static_cast<std::streamsize>(room.size()));
    return static_cast<size_t>(in.gcount());
  });
}

// A directory for the files, which everybody may write to.
class Save : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "whywait-save.XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    fs::permissions(directory_, fs::perms::all);
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::string path(const std::string& name = "x.ww") const { return directory_ / name; }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(directory_)) out.push_back(entry.path().filename());
    return out;
  }
  Facts read(const std::string& name = "x.ww") const {
    std::ifstream in(path(name), std::ios::binary);
    const auto facts = read_saved(in);
    EXPECT_TRUE(facts) << (facts ? "" : facts.error());
    return facts.value_or(Facts());
  }
  void write(const std::string& text) const { std::ofstream(path()) << text; }

 private:
  fs::path directory_;
};

std::vector<Connection> listeners(const Facts& facts) {
  std::vector<Connection> out;
  for (const auto& c : facts.table.connections) {
    if (c.state == State::Listen && c.local.port == 7777) out.push_back(c);
  }
  return out;
}

TEST_F(Save, WritesWhatIsKnown) {
  NEEDS_PRIVATE_NETWORK();
  const auto r = whywait({"save", path()}, beside_listener("seven\xff"));
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.out, IsEmpty());
  EXPECT_THAT(r.err, AllOf(HasSubstr("connection"), HasSubstr("bytes"), HasSubstr("--redact"),
                           HasSubstr("whywait --from " + path())));
  EXPECT_EQ(fs::status(path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(names(), std::vector<std::string>{"x.ww"});
  const auto facts = read();
  EXPECT_EQ(facts.source, "saved");
  const auto rows = listeners(facts);
  ASSERT_EQ(rows.size(), 1U);
  // Of everybody who holds a socket all that `inspect` would ask.
  ASSERT_TRUE(facts.holders);
  const auto held = facts.holders->of(*rows[0].inode());
  ASSERT_EQ(held.size(), 1U);
  const auto& process = facts.process(held[0].pid);
  ASSERT_TRUE(process);
  EXPECT_EQ(process->name, "seven\xff");
  EXPECT_TRUE(facts.threads_of(held[0].pid));
  EXPECT_TRUE(facts.partners);
  EXPECT_TRUE(facts.details);
}

TEST_F(Save, WorksForAnOrdinaryUserAndWithoutNetlink) {
  NEEDS_PRIVATE_NETWORK();
  for (const auto& more :
       std::vector<std::vector<std::string>>{{}, {"--no-netlink"}, {"--no-bpf"}, {"--redact"}}) {
    auto how = beside_listener("seven");
    how.as_nobody = geteuid() == 0;
    std::vector<std::string> arguments = {"save", "--force", path()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto r = whywait(arguments, how);
    EXPECT_EQ(r.status, 0) << r.err;
    const auto facts = read();
    EXPECT_EQ(listeners(facts).size(), 1U);
    EXPECT_THAT(facts.gaps, Not(IsEmpty()));
  }
}

TEST_F(Save, GoesToAPipe) {
  const auto r = whywait({"save", "-"});
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.err, HasSubstr("whywait --from FILE"));
  std::istringstream in(r.out);
  const auto facts = read_saved(in);
  ASSERT_TRUE(facts) << facts.error();
  EXPECT_EQ(facts->source, "saved");
}

TEST_F(Save, IsNotForATerminal) {
  const auto r = whywait({"save", "-"}, {.terminal_columns = 80});
  EXPECT_EQ(r.status, 2);
  EXPECT_THAT(r.out, IsEmpty());
  EXPECT_THAT(r.err, HasSubstr("name a file"));
}

TEST_F(Save, ReplacesOnlyByForce) {
  write("precious");
  const auto refused = whywait({"save", path()});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr(path() + " exists already"), HasSubstr("--force")));
  EXPECT_EQ(fs::file_size(path()), 8U);
  EXPECT_EQ(whywait({"save", "--force", path()}).status, 0);
  EXPECT_EQ(read().source, "saved");
  EXPECT_EQ(names().size(), 1U);
}

// Whoever made a link there chooses no file of ours.
TEST_F(Save, ReplacesALinkAndNotWhatItLeadsTo) {
  write("precious");
  fs::create_symlink(path(), path("link"));
  EXPECT_EQ(whywait({"save", path("link")}).status, 1);
  EXPECT_EQ(whywait({"save", "--force", path("link")}).status, 0);
  EXPECT_FALSE(fs::is_symlink(path("link")));
  EXPECT_EQ(fs::file_size(path()), 8U);
}

TEST_F(Save, SaysWhyItCannotBeWritten) {
  const auto expect = [&](const std::vector<std::string>& arguments, const std::string& why, bool as_nobody) {
    const auto r = whywait(arguments, {.as_nobody = as_nobody});
    EXPECT_EQ(r.status, 1) << why;
    EXPECT_THAT(r.out, IsEmpty());
    EXPECT_THAT(r.err, AllOf(StartsWith("whywait: "), HasSubstr(why), HasSubstr("Nothing was saved")));
  };
  expect({"save", path("no/x")}, "No such file or directory", false);
  write("a file");
  expect({"save", path() + "/x"}, "Not a directory", false);
  expect({"save", ""}, "No such file or directory", false);
  expect({"save", "--force", path("")}, "Is a directory", false);
  expect({"save", path(std::string(300, 'x'))}, "File name too long", false);
  expect({"save", "--force", "/dev/full"}, "No space left on device", false);
  EXPECT_EQ(names().size(), 1U);
  if (geteuid() == 0) expect({"save", "/root-only.ww"}, "Permission denied", true);
}

TEST_F(Save, AFullDiskIsSaidOfStdoutAsWell) {
  const auto r = whywait({"save", "-"}, {.stdout_file = "/dev/full"});
  EXPECT_EQ(r.status, 1);
  EXPECT_THAT(r.err, HasSubstr("No space left on device"));
}

// Devices are written to and stay what they are.
TEST_F(Save, ADeviceIsNotReplaced) {
  EXPECT_EQ(whywait({"save", "/dev/null"}).status, 1);
  EXPECT_EQ(whywait({"save", "--force", "/dev/null"}).status, 0);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

// Where root may write only because it is root.
TEST_F(Save, WritesToTheDirectoryOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can have another user's directory";
  const auto theirs = path("theirs");
  fs::create_directory(theirs);
  ASSERT_EQ(chown(theirs.c_str(), 64987, 64987), 0);
  fs::permissions(theirs, fs::perms::owner_all);
  EXPECT_EQ(whywait({"save", theirs + "/x.ww"}).status, 0);
  EXPECT_TRUE(fs::exists(theirs + "/x.ww"));
}

// What is read from a file is read with that one right.
TEST_F(Save, IsReadByRootWhoeverOwnsIt) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can read another user's file";
  ASSERT_EQ(whywait({"save", path()}).status, 0);
  ASSERT_EQ(chown(path().c_str(), 64987, 64987), 0);
  fs::permissions(path(), fs::perms::owner_read);
  const auto r = whywait({"--from", path()});
  EXPECT_EQ(r.status, 0) << r.err;
}

TEST_F(Save, RedactsNames) {
  NEEDS_PRIVATE_NETWORK();
  const auto r = whywait({"save", "--redact", path()}, beside_listener("seven"));
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.err, AllOf(HasSubstr("other names"), Not(HasSubstr("--redact"))));
  const auto facts = read();
  EXPECT_EQ(facts.host, "redacted");
  EXPECT_EQ(listeners(facts).size(), 1U);
  for (const auto& [pid, process] : facts.processes) {
    if (!process) continue;
    EXPECT_THAT(process->name, StartsWith("process-"));
    EXPECT_THAT(process->command_line, IsEmpty());
  }
}

TEST_F(Save, WrongArgumentsAreUsageErrors) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"save"}, {"save", path(), path()}, {"save", "--json", path()}}) {
    const auto r = whywait(arguments);
    EXPECT_EQ(r.status, 2);
    EXPECT_THAT(r.out, IsEmpty());
    EXPECT_THAT(r.err, StartsWith("whywait: "));
  }
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_THAT(whywait({"save", "--help"}).out, HasSubstr("--redact"));
}

}  // namespace
}  // namespace whywait::testing
