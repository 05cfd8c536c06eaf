// What is kept of the fuzzing, run again by the tests: no fuzzer is needed for it.
#include "targets.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

namespace whywait::fuzz {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> corpus_of(const std::string& target) {
  const auto folder = fs::path(WHYWAIT_SOURCE) / "fuzz/corpus" / target;
  std::vector<fs::path> out(fs::directory_iterator(folder), {});
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Fuzz, EveryFileOfTheCorpusStillHolds) {
  for (const auto& target : all_targets()) {
    const auto corpus = corpus_of(target.name);
    EXPECT_FALSE(corpus.empty()) << target.name;
    for (const auto& file : corpus) EXPECT_NO_THROW(target.run(content(file))) << file;
  }
}

// Dumps of all formats are dumps, and have lines.
TEST(Fuzz, WhatIsOfOneFormatIsTakenByTheWholeReader) {
  for (const auto& target : all_targets()) {
    for (const auto& file : corpus_of(target.name)) {
      EXPECT_NO_THROW(lines(content(file))) << file;
      EXPECT_NO_THROW(dump(content(file))) << file;
    }
  }
}

}  // namespace
}  // namespace whywait::fuzz
