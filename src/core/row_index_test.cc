#include "core/row_index.h"

#include <string>

#include <gmock/gmock.h>

namespace whywait {
namespace {

std::optional<uint32_t> find_number(const RowIndex& index, const std::vector<uint64_t>& keys, uint64_t key,
                                    uint64_t hash) {
  return index.find(hash, [&](uint32_t row) { return keys[row] == key; });
}

TEST(RowIndex, FindsWhatWasAddedAndNothingElse) {
  for (const size_t room : {0U, 10'000U}) {
    std::vector<uint64_t> keys;
    RowIndex index(room);
    for (uint64_t k = 0; k < 10'000; ++k) {
      keys.push_back(k * 3);
      index.add(mixed(0, k * 3), static_cast<uint32_t>(k));
    }
    EXPECT_EQ(index.size(), 10'000U);
    for (uint64_t k = 0; k < 30'000; ++k) {
      const auto expected = k % 3 == 0 ? std::optional(static_cast<uint32_t>(k / 3)) : std::nullopt;
      ASSERT_EQ(find_number(index, keys, k, mixed(0, k)), expected);
    }
  }
}

TEST(RowIndex, TellsKeysOfOneHashApart) {
  std::vector<uint64_t> keys = {11, 22, 33};
  RowIndex index;
  for (uint32_t row = 0; row < 3; ++row) index.add(0, row);
  for (uint32_t row = 0; row < 3; ++row) EXPECT_EQ(find_number(index, keys, keys[row], 0), row);
  EXPECT_EQ(find_number(index, keys, 44, 0), std::nullopt);
}

}  // namespace
}  // namespace whywait
