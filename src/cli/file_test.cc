// A file as a source.
#include "cli/file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

namespace whywait::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "whywait-file.XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::string path() const { return directory_ / "dump.txt"; }
  void write(const std::string& text) const { std::ofstream(path()) << text; }

 private:
  fs::path directory_;
};

constexpr const char* kRow = "ESTAB 0 0 192.0.2.1:5432 192.0.2.2:40001\n";

TEST_F(FileTest, BegunAgainItIsReadAgain) {
  File source(path(), {});
  write(kRow);
  const auto before = source.begin();
  ASSERT_TRUE(before) << before.error();
  EXPECT_THAT(before->table.connections, SizeIs(1));
  EXPECT_EQ(before->file, path());
  EXPECT_EQ(before->host, "dump.txt");
  write(std::string(kRow) + "LISTEN 0 128 0.0.0.0:5432 0.0.0.0:*\n");
  const auto after = source.begin();
  ASSERT_TRUE(after) << after.error();
  EXPECT_THAT(after->table.connections, SizeIs(2));
  EXPECT_THAT(source.notes(), ::testing::IsEmpty());
}

TEST_F(FileTest, HasNoMoreThanWhatItSays) {
  write(kRow);
  File source(path(), {});
  auto facts = source.begin();
  ASSERT_TRUE(facts);
  const Need need{.what = Question::Threads, .pid = Pid{1}};
  source.answer({&need, 1}, *facts);
  EXPECT_EQ(facts->missing(need), Missing::NotOffered);
}

TEST_F(FileTest, SaysWhyItCannotBeRead) {
  const auto missing = File(path(), {}).begin();
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error(), HasSubstr("cannot be opened: No such file or directory; is the path right?"));
  write("");
  EXPECT_THAT(File(path(), {}).begin().error(), HasSubstr("is empty"));
  write("\x1f\x8b 0123456789abcdef");
  EXPECT_THAT(File(path(), {}).begin().error(), HasSubstr("is packed (gzip): zcat"));
  EXPECT_THAT(File("/", {}).begin().error(), HasSubstr("is a directory"));
}

}  // namespace
}  // namespace whywait::cli
