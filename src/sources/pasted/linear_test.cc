// Ten times as many rows cost ten times as much. What is counted are the bytes that are asked for, of which
// any run asks for as many; sanitizers have an allocator of their own.
#include "sources/pasted/dump.h"
#include "sources/pasted/printed_test.h"
#include "testing/reading.h"

#include <atomic>
#include <cstdlib>
#include <new>

#include <gmock/gmock.h>

#if defined(__SANITIZE_ADDRESS__)
#define WHYWAIT_COUNTS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WHYWAIT_COUNTS 0
#endif
#endif
#ifndef WHYWAIT_COUNTS
#define WHYWAIT_COUNTS 1
#endif

#if WHYWAIT_COUNTS

namespace {
std::atomic<uint64_t>
    asked_for;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): the allocator's
}

void* operator new(size_t size) {
  asked_for += size;
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }

namespace whywait::pasted {
namespace {

uint64_t bytes_for(std::string_view text) {
  const auto before = asked_for.load();
  read(testing::reading(text), {});
  return asked_for.load() - before;
}

struct Listed {
  double rows = 0;
  std::string text;
};

Listed listed(const testing::Tool& tool, size_t count) {
  const auto sockets = testing::made_up(9, count, tool.is_wide);
  return {.rows = static_cast<double>(count), .text = tool.print(sockets)};
}

// The buffers are as large for a few rows as for many.
constexpr double kOnce = 1e6;

void expect_linear(const std::string& name, const Listed& few, const Listed& many) {
  const auto per_row_of_few = static_cast<double>(bytes_for(few.text)) / few.rows;
  const auto per_row = (static_cast<double>(bytes_for(many.text)) - kOnce) / many.rows;
  EXPECT_LE(per_row, 1.1 * per_row_of_few) << name;
}

TEST(Linear, EveryFormat) {
  for (const auto& tool : testing::all_tools())
    expect_linear(tool.name, listed(tool, 300), listed(tool, 3000));
}

TEST(Linear, TheMostFrequentFormat) {
  const auto tool = testing::linux_tools().front();
  expect_linear(tool.name, listed(tool, 3000), listed(tool, 30'000));
}

TEST(Linear, SeveralCommands) {
  const auto tools = testing::linux_tools();
  const auto both = [&](size_t count) {
    Listed out{.rows = static_cast<double>(count), .text = {}};
    for (const auto& tool : {tools[1], tools[11], tools[13]})
      out.text += "$ " + tool.name + "\n" + listed(tool, count).text;
    return out;
  };
  expect_linear("three", both(1000), both(10'000));
}

// Listeners that share a port, junk, and rows that are nobody's.
TEST(Linear, WhatIsAllTheSame) {
  for (const auto* line :
       {"LISTEN 0 128 0.0.0.0:80 0.0.0.0:* users:((\"a\",pid=1,fd=3)) ino:7 sk:1\n", "tcp 0 0 CLOSE_WAIT -\n",
        "4711 times\n", "p1\n", "tcp 0 0 web-1:80 web-2:x CLOSE_WAIT 1/a\n"}) {
    const auto times = [&](size_t count) {
      Listed out{.rows = static_cast<double>(count), .text = {}};
      for (size_t i = 0; i < count; ++i) out.text += line;
      out.text += "$ netstat\n";
      for (size_t i = 0; i < count; ++i) out.text += line;
      return out;
    };
    expect_linear(line, times(1000), times(10'000));
  }
}

}  // namespace
}  // namespace whywait::pasted

#endif
