#include "sources/pasted/ahead.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace whywait::pasted {
namespace {

// So many, in this order.
std::vector<int> made(int count) {
  int next = 0;
  Ahead<int> ahead([&](int& item) { return (item = ++next) < count; });
  std::vector<int> out;
  while (const auto* item = ahead.next()) out.push_back(*item);
  EXPECT_EQ(ahead.next(), nullptr);
  return out;
}

TEST(Ahead, GivesEachInOrder) {
  EXPECT_THAT(made(1), ::testing::ElementsAre(1));
  EXPECT_THAT(made(2), ::testing::ElementsAre(1, 2));
  const auto many = made(5000);
  ASSERT_EQ(many.size(), 5000U);
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(many[static_cast<size_t>(i)], i + 1);
}

TEST(Ahead, LeavesAloneWhatIsInUse) {
  std::string next = "a";
  Ahead<std::string> ahead([&](std::string& item) {
    item = next;
    next += 'a';
    return item.size() < 500;
  });
  size_t size = 0;
  while (const auto* item = ahead.next()) EXPECT_EQ(*item, std::string(++size, 'a'));
  EXPECT_EQ(size, 500U);
}

TEST(Ahead, NobodyHasToTakeThemAll) {
  int next = 0;
  {
    Ahead<int> ahead([&](int& item) {
      item = ++next;
      return true;
    });
    for (int i = 0; i < 3; ++i) ahead.next();
  }
  EXPECT_GE(next, 3);
  EXPECT_LE(next, 6);
}

TEST(Ahead, WhatMakingThrowsComesOut) {
  for (const int last : {1, 2, 3}) {
    int next = 0;
    Ahead<int> ahead([&](int& item) {
      if (next == last) throw std::runtime_error("no more");
      item = ++next;
      return true;
    });
    for (int i = 0; i < last; ++i) EXPECT_EQ(*ahead.next(), i + 1);
    EXPECT_THROW(ahead.next(), std::runtime_error);
    EXPECT_EQ(ahead.next(), nullptr);
  }
}

}  // namespace
}  // namespace whywait::pasted
