// Words of the file that are no kind of record.
#pragma once

#include <cstddef>
#include <string_view>

namespace whywait::saved {

inline constexpr std::string_view kSchema = "whywait.facts/";  // and the version
inline constexpr std::string_view kColumns = "columns";        // what the columns of rows are called
inline constexpr std::string_view kEnd = "end";                // of the file: how many lines came before

inline constexpr size_t kLongestLine = 1UL << 20U;

}  // namespace whywait::saved
