#include "compare/coincidence.h"

#include <gmock/gmock.h>

namespace whywait {
namespace {

TEST(Coincidence, OneInAThousand) {
  EXPECT_FALSE(is_no_accident(0, 0));
  EXPECT_TRUE(is_no_accident(1, 0.0002));
  EXPECT_FALSE(is_no_accident(1, 0.01));
  EXPECT_FALSE(is_no_accident(5, 2.4));
  EXPECT_TRUE(is_no_accident(12, 2.4));
  EXPECT_FALSE(is_no_accident(1030, 1000));
  EXPECT_TRUE(is_no_accident(1200, 1000));
}

}  // namespace
}  // namespace whywait
