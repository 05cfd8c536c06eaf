#include "compare/carried_over.h"

#include "testing/dump.h"

#include <algorithm>

#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::DumpBuilder;
using namespace std::chrono_literals;

TEST(CarriedOver, RowsThatAreNotToldApartArePairedByNumber) {
  auto before = DumpBuilder("a").rows(State::CloseWait, "hidden:443", "hidden:80", 5).facts();
  auto after = DumpBuilder("b", 10min).rows(State::CloseWait, "hidden:443", "hidden:80", 7).facts();
  const auto s = carried_over(before, after);
  EXPECT_EQ(std::count(s.earlier_of.begin(), s.earlier_of.end(), kNoRow), 2);
}

}  // namespace
}  // namespace whywait
