#include "core/pages.h"

#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>

namespace whywait {
namespace {

Pages<int> counted(int n) {
  Pages<int> out;
  for (int i = 0; i < n; ++i) out.push_back(i);
  return out;
}

TEST(Pages, HoldWhatWasPutInInOrder) {
  for (const int n : {0, 1, 511, 512, 513, 2000}) {
    const auto pages = counted(n);
    EXPECT_EQ(pages.size(), static_cast<size_t>(n));
    EXPECT_EQ(pages.empty(), n == 0);
    EXPECT_EQ(std::accumulate(pages.begin(), pages.end(), 0), n * (n - 1) / 2);
    EXPECT_TRUE(std::is_sorted(pages.begin(), pages.end()));
  }
}

TEST(Pages, NothingMovesWhileTheyGrow) {
  auto pages = counted(1);
  const auto* first = &pages[0];
  for (int i = 0; i < 5000; ++i) pages.push_back(i);
  EXPECT_EQ(first, &pages[0]);
  EXPECT_EQ(pages.back(), 4999);
  EXPECT_THROW(static_cast<void>(pages.at(5001)), std::out_of_range);
}

TEST(Pages, IteratorsAreOfRandomAccess) {
  auto pages = counted(1000);
  EXPECT_EQ(*std::lower_bound(pages.begin(), pages.end(), 700), 700);
  std::reverse(pages.begin(), pages.end());
  EXPECT_EQ(pages[0], 999);
  EXPECT_EQ(pages.end() - pages.begin(), 1000);
}

}  // namespace
}  // namespace whywait
